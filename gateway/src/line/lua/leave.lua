-- Ends what a place has, and says why in its turn.
--
-- ARGV[1]  the place
-- ARGV[2]  left: gives up place, offer or session; ordered: ends a claimed turn and touches nothing else; removed: as left,
--          by an operator, and it does not join again; revoked: ends an offer or session, by an operator
-- ARGV[3]  of revoked: the turn; another one of the place is left alone
--
-- Returns 1 when something was given up, else 0.

local place = ARGV[1]
local why = ARGV[2]

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "standing"

local entry = turnOf(place)

if why == 'ordered' then
  if not entry or (entry.stage ~= 'claimed' and entry.stage ~= 'recalled') then return 0 end
  redis.call('ZREM', sessions, place)
  redis.call('ZREM', fresh, place)
  setStage(place, entry, 'ordered')
  return 1
end

local standing = standingOf(place, math.floor(microsNow() / 1000))
local stage = standing[1]
local nothing = { turn = 0, offeredAtMs = '0', claimByMs = '0' }

-- Of a turn that only the core knows (recalled) a slot may be kept though its offer is over: he may have claimed it in time.
if stage == 'none' or (stage == 'over' and entry.stage ~= 'recalled') then
  if why == 'removed' then setStage(place, entry or nothing, 'removed') end
  return 0
end

if stage == 'waiting' then
  if why == 'revoked' and standing[7] ~= ARGV[3] then return 0 end
  -- A place in the batch may be recorded at this moment, so it stays there, marked: its turn counts, its slot does not.
  local taken = redis.call('HGET', batch, place)
  if taken then
    redis.call('HSET', batch, place, (string.gsub(taken, ':left$', '')) .. ':left')
  else
    for _, name in ipairs(laneNames) do redis.call('ZREM', laneKeys[name], place) end
    redis.call('HINCRBY', rate, 'left', 1)
    redis.call('HDEL', away, place)
    redis.call('ZREM', back, place)
    redis.call('ZREM', seen, place)
  end
  if why == 'removed' then
    setStage(place, entry or nothing, 'removed')
  else
    -- After a loss older tokens bring places back: not this one.
    local epoch = tonumber(redis.call('HGET', life, 'epoch') or '0')
    local was = entry and entry.turn or 0
    if epoch > 1 and not taken then setStage(place, { turn = was, offeredAtMs = whole(epoch), claimByMs = '0' }, 'left') end
  end
  return 1
end

if why == 'revoked' and entry.turn ~= tonumber(ARGV[3]) then return 0 end
redis.call('ZREM', offers, place)
redis.call('ZREM', sessions, place)
redis.call('ZREM', fresh, place)
setStage(place, entry, why)
return 1
