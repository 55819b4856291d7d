-- Wants the includes keys, time, lanes and turn.

-- Where a place stands: { 'waiting', order, place, waiting, lane, away, turn } | { 'offered', turn, offeredAtMs, claimByMs }
--   | { 'shopping', turn, sessionExpiresAtMs, device or '' for the fan's own, renewed } | { 'over', turn, how it ended } | { 'none' }.
-- Who was passed over stands before all who still wait in his lane: at 1, unless a token brought him after a healing. Who is in
-- the batch stands at 1. Of a turn that only the core knew (recalled) it is not known whether it was claimed: its offer
-- stands until the end of the claim window, and whoever has a session shows it.
local function standingOf(place, nowMs)
  local entry = turnOf(place)
  local next = whole(entry and entry.turn + 1 or 1)
  local lane, rank = laneOf(place)
  if lane then
    local order = redis.call('ZSCORE', laneKeys[lane], place)
    return { 'waiting', whole(tonumber(order)), whole(rank + 1), whole(waitingCount()), lane, '0', next }
  end

  local awayLane, awayOrder = awayOf(place)
  if awayLane then
    local before = redis.call('ZCOUNT', laneKeys[awayLane], '-inf', '(' .. awayOrder)
    return { 'waiting', awayOrder, whole(before + 1), whole(waitingCount()), awayLane, '1', next }
  end

  local taken = redis.call('HGET', batch, place)
  if taken then
    local takenLane, order, turn, left = string.match(taken, '^(%a+):(%d+):(%d+)(.*)$')
    if string.find(left, ':left$') then return { 'over', turn, 'left' } end
    return { 'waiting', order, '1', whole(waitingCount()), takenLane, '0', turn }
  end

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
    if expiresAtMs then
      return { 'shopping', turn, whole(tonumber(expiresAtMs)), entry.device, entry.renewed and '1' or '0' }
    end
    return { 'over', turn, 'expired' }
  end
  if entry.stage == 'recalled' then
    if tonumber(entry.claimByMs) > nowMs then return { 'offered', turn, entry.offeredAtMs, entry.claimByMs } end
    return { 'over', turn, 'lapsed' }
  end
  return { 'over', turn, entry.stage }
end
