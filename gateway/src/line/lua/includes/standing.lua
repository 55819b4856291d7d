-- Wants the locals line, offers, sessions, turns, batch and the includes time and turn.

-- Everyone who waits: in the line, and in the batch that is not yet offered (whose field '#' is no place).
local function waitingCount()
  return redis.call('ZCARD', line) + math.max(0, redis.call('HLEN', batch) - 1)
end

-- Where a place stands: { 'waiting', order, place, waiting } | { 'offered', turn, offeredAtMs, claimByMs }
--   | { 'shopping', turn, sessionExpiresAtMs } | { 'over', turn, lapsed|expired|ordered|left } | { 'none' }.
local function standingOf(place, nowMs)
  local rank = redis.call('ZRANK', line, place)
  if rank then
    local order = redis.call('ZSCORE', line, place)
    return { 'waiting', whole(tonumber(order)), whole(rank + 1), whole(waitingCount()) }
  end

  local taken = redis.call('HGET', batch, place)
  if taken then
    local order, turn, left = string.match(taken, '^(%d+):(%d+)(.*)$')
    if left == ':left' then return { 'over', turn, 'left' } end
    return { 'waiting', order, '1', whole(waitingCount()) }
  end

  local entry = turnOf(place)
  if not entry then return { 'none' } end
  local turn = whole(entry.turn)
  if entry.stage == 'offered' then
    if deadlineIn(offers, place, nowMs) then
      return { 'offered', turn, entry.offeredAtMs, entry.claimByMs }
    end
    return { 'over', turn, 'lapsed' }
  end
  if entry.stage == 'claimed' then
    local expiresAtMs = deadlineIn(sessions, place, nowMs)
    if expiresAtMs then return { 'shopping', turn, whole(tonumber(expiresAtMs)) } end
    return { 'over', turn, 'expired' }
  end
  return { 'over', turn, entry.stage }
end
