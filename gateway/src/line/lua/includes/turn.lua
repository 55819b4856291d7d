-- Wants the local turns and the include time.

-- `turn:offeredAtMs:claimByMs:stage` of the place's last admission, cut; nil without one.
local function turnOf(place)
  local entry = redis.call('HGET', turns, place)
  if not entry then return nil end
  local turn, offeredAtMs, claimByMs, stage = string.match(entry, '^(%d+):(%d+):(%d+):(%a+)$')
  return { turn = tonumber(turn), offeredAtMs = offeredAtMs, claimByMs = claimByMs, stage = stage }
end

local function setStage(place, entry, stage)
  redis.call('HSET', turns, place,
    whole(entry.turn) .. ':' .. entry.offeredAtMs .. ':' .. entry.claimByMs .. ':' .. stage)
end

-- The score while it is in the future, as text; nil when there is none or its time has come.
local function deadlineIn(set, place, nowMs)
  local score = redis.call('ZSCORE', set, place)
  if score and tonumber(score) > nowMs then return score end
  return nil
end
