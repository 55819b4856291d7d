-- Puts a place into the line once. Order numbers are µs of Redis's clock and strictly increase, so of two joins the one
-- that ran first stands before the other, and after a loss of Redis newcomers stand behind every older token.
--
-- KEYS[1]  line      zset    place -> order
-- KEYS[2]  last      string  the last order given
-- KEYS[3]  offers    zset    place -> end of its claim window, ms
-- KEYS[4]  sessions  zset    place -> end of its session, ms
-- KEYS[5]  turns     hash    place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[6]  batch     hash    place -> order:turn[:left]
-- KEYS[7]  room      string  the room, JSON
-- ARGV[1]  the place
-- ARGV[2]  turns a place may have
--
-- Returns { outcome, wake, standing… }: outcome
--   new          a place at the end
--   there        waits, is offered or shops already
--   spent        has had its turns; the standing says how the last one ended
--   closed       the doors are closed; a place that waits keeps it and is `there`
--   unknownRoom  no copy of the room is here
-- wake is '1' when nobody else waits and a slot is free; standing as in includes/standing.lua.

local line = KEYS[1]
local last = KEYS[2]
local offers = KEYS[3]
local sessions = KEYS[4]
local turns = KEYS[5]
local batch = KEYS[6]
local room = KEYS[7]
local place = ARGV[1]
local turnsMax = tonumber(ARGV[2])

--- @include "time"
--- @include "turn"
--- @include "standing"
--- @include "slots"

local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)

local function answer(outcome, wake)
  local standing = standingOf(place, nowMs)
  return { outcome, wake and '1' or '0', unpack(standing) }
end

local stage = standingOf(place, nowMs)[1]
if stage ~= 'none' and stage ~= 'over' then return answer('there') end

local roomText = redis.call('GET', room)
if not roomText then return answer('unknownRoom') end
local policy = cjson.decode(roomText)
if not policy.open then return answer('closed') end

-- He left while his batch was being recorded, and is back before it is: his turn comes after all.
local taken = redis.call('HGET', batch, place)
if taken then
  redis.call('HSET', batch, place, (string.gsub(taken, ':left$', '')))
  return answer('there')
end

local entry = turnOf(place)
if entry and entry.turn >= turnsMax then return answer('spent') end

local order = math.max(tonumber(redis.call('GET', last) or '0') + 1, nowMicros)
redis.call('SET', last, whole(order))
redis.call('ZADD', line, whole(order), place)

local alone = waitingCount() == 1
return answer('new', alone and not policy.paused and freeSlots(policy, nowMs) > 0)
