-- Wants the includes keys and time.

-- Which Redis this is: another one after every restart and failover.
local function runNow()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

-- What this Redis knows of the room: { epoch, healing, lost, isNew, gathered, turnsKnown }. Lost: it was emptied, restarted, or another
-- took its place, so places, turns or both may be missing, or be of an hour ago. Healing: it gathers them, and nobody is
-- admitted. Gathered: the time for that is over.
-- New: no Redis has known the room yet, so nothing of it can have been lost; its first life is about to begin.
local function lifeNow(nowMs)
  local kept = redis.call('HMGET', life, 'epoch', 'run', 'healUntilMs', 'turnsKnown')
  local lost = not kept[1] or kept[2] ~= runNow()
  local gathered = not lost and nowMs >= tonumber(kept[3])
  local healing = not gathered or kept[4] ~= '1'
  local row = not kept[1] and redis.call('GET', room)
  local isNew = row and cjson.decode(row).epoch == 0 or false
  local epoch = tonumber(kept[1] or '0')
  return { epoch = epoch, healing = healing, lost = lost, isNew = isNew, gathered = gathered, turnsKnown = kept[4] == '1' }
end
