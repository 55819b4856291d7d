-- Ends what a place has, and says why in its turn.
--
-- KEYS[1]  line      zset  place -> order
-- KEYS[2]  offers    zset  place -> end of its claim window, ms
-- KEYS[3]  sessions  zset  place -> end of its session, ms
-- KEYS[4]  turns     hash  place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[5]  batch     hash  place -> order:turn[:left]
-- ARGV[1]  the place
-- ARGV[2]  left: gives up place, offer or session; ordered: ends a claimed turn and touches nothing else
--
-- Returns 1 when something was given up, else 0.

local line = KEYS[1]
local offers = KEYS[2]
local sessions = KEYS[3]
local turns = KEYS[4]
local batch = KEYS[5]
local place = ARGV[1]
local why = ARGV[2]

--- @include "time"
--- @include "turn"
--- @include "standing"

local entry = turnOf(place)

if why == 'ordered' then
  if not entry or entry.stage ~= 'claimed' then return 0 end
  redis.call('ZREM', sessions, place)
  setStage(place, entry, 'ordered')
  return 1
end

local standing = standingOf(place, math.floor(microsNow() / 1000))
local stage = standing[1]
if stage == 'none' or stage == 'over' then return 0 end

if stage == 'waiting' then
  -- A place in the batch may be recorded at this moment, so it stays there, marked: its turn counts, its slot does not.
  local taken = redis.call('HGET', batch, place)
  if taken then
    redis.call('HSET', batch, place, taken .. ':left')
  else
    redis.call('ZREM', line, place)
  end
  return 1
end

redis.call('ZREM', stage == 'offered' and offers or sessions, place)
setStage(place, entry, 'left')
return 1
