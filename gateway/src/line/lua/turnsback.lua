-- Writes down turns that the booking core knows and this Redis does not, so that nobody is let in for one twice, and so that
-- slots that may still be taken count. A turn that was not ended for the core is recalled: whether it was claimed, and given up, Redis
-- alone knew. It keeps its slot for as long as a session of it may live; its pass and its session token say the rest.
--
-- ARGV[1]  the epoch whose turns these are: of a life that is over, nothing is written
-- ARGV[2]  1 when these are the last, else 0
-- ARGV     place, turn, stage (claimed while its session may live, else how it ended), offeredAtMs, claimByMs, end of the
--          longest session it may have, ms; for each, at most limits.batchMaxPlaces
--
-- Returns how many were not known; -1: it is another life by now.

local epoch = tonumber(ARGV[1])
local complete = ARGV[2]

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "life"

local nowMs = math.floor(microsNow() / 1000)
local alive = lifeNow(nowMs)
if alive.lost or alive.epoch ~= epoch then return -1 end

local function endSlots(place)
  redis.call('ZREM', offers, place)
  redis.call('ZREM', sessions, place)
  redis.call('ZREM', fresh, place)
end

local function leaveLine(place)
  for _, name in ipairs(laneNames) do redis.call('ZREM', laneKeys[name], place) end
  redis.call('HDEL', away, place)
  redis.call('ZREM', back, place)
  redis.call('HDEL', batch, place)
end

local ended = { ordered = true, removed = true, revoked = true }
local added = 0
for at = 3, #ARGV, 6 do
  local place, turn, stage = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local offeredAtMs, claimByMs, untilMs = ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  local entry = turnOf(place)
  if stage == 'removed' or not entry or entry.turn < turn then
    leaveLine(place)
    endSlots(place)
    local known = { turn = math.max(turn, entry and entry.turn or 0), offeredAtMs = offeredAtMs, claimByMs = claimByMs }
    setStage(place, known, stage == 'claimed' and 'recalled' or stage)
    if stage == 'claimed' then redis.call('ZADD', sessions, untilMs, place) end
    added = added + 1
  elseif entry.turn == turn and ended[stage] and not ended[entry.stage] then
    endSlots(place)
    setStage(place, entry, stage)
    added = added + 1
  end
end
if redis.call('HLEN', batch) == 1 then redis.call('DEL', batch) end
if complete == '1' then redis.call('HSET', life, 'turnsKnown', '1') end
return added
