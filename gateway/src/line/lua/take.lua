-- Takes the next places out of the line into the batch, at once and all together: as many as were wished for and as
-- slots, rate credit and the batch's size allow. While a batch is there nothing is taken: there is never a second one.
-- Dies with Redis only: a worker that dies after it leaves a batch that the next tick finishes.
--
-- First go those who were passed over and are back. Then the lanes by their shares: each admission goes to the lane that is
-- owed most, so a lane with somebody in it never waits for longer than its share says (a smooth weighted round robin).
-- Who is not there is passed over: he keeps his order and leaves his lane, so the next take does not meet him again.
--
-- ARGV[1]  how many are wished for
-- ARGV[2]  why not more
-- ARGV[3]  places in a batch at most
-- ARGV[4]  span of the rate that credit may hold, ms
-- ARGV[5]  for how long who was seen is there, ms
-- ARGV[6]  how many may be passed over
-- ARGV[7]  places of a lane's front whose presence is kept, at least
-- ARGV[8]  and as many as the rate lets in within this span, ms
-- ARGV[9]  for how long a claim is fresh, ms
--
-- Returns { outcome, … }:
--   taken, batch:epoch:atMs:reason, place, lane:order:turn[:back], …   this call took them; the reason is what bounded them
--   pending, batch:epoch:atMs:reason, place, …                  one that an earlier call took
--   none, reason                                                nobody may go

local wish = tonumber(ARGV[1])
local reason = ARGV[2]
local batchMax = tonumber(ARGV[3])
local creditMs = tonumber(ARGV[4])
local presenceMs = tonumber(ARGV[5])
local passesLeft = tonumber(ARGV[6])
local presencePlaces = tonumber(ARGV[7])
local presenceSpanMs = tonumber(ARGV[8])
local freshMs = tonumber(ARGV[9])

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "slots"
--- @include "doors"
--- @include "credit"
--- @include "life"
--- @include "presence"

local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
local alive = lifeNow(nowMs)

local head = redis.call('HGET', batch, '#')
if head then
  local answer = { 'pending', head }
  local fields = redis.call('HGETALL', batch)
  for at = 1, #fields, 2 do
    if fields[at] ~= '#' then
      answer[#answer + 1] = fields[at]
      answer[#answer + 1] = fields[at + 1]
    end
  end
  return answer
end

local seenSince = nowMs - presenceMs
-- Who claims, leaves or is revoked takes his offer out himself: what ran out here nobody took.
local unclaimed = redis.call('ZREMRANGEBYSCORE', offers, '-inf', whole(nowMs))
if unclaimed > 0 then redis.call('HINCRBY', rate, 'noShows', unclaimed) end
redis.call('ZREMRANGEBYSCORE', sessions, '-inf', whole(nowMs))
redis.call('ZREMRANGEBYSCORE', seen, '-inf', whole(seenSince))
redis.call('ZREMRANGEBYSCORE', fresh, '-inf', whole(nowMs - freshMs))

local roomText = redis.call('GET', room)
if not roomText then return { 'none', 'closed' } end
local policy = cjson.decode(roomText)
-- Three lanes and those who are back. More are there only in a draw, whose joins push others out of the front again: the
-- oldest go.
local present = 4 * presentPlaces(policy, presencePlaces, presenceSpanMs)
redis.call('ZREMRANGEBYRANK', seen, 0, -(present + 1))
local credit = creditOf(policy, depthOf(policy, creditMs), nowMicros)
keepCredit(credit, nowMicros)
local open, why = admits(policy, nowMs)
if not open then return { 'none', why } end
if alive.healing then return { 'none', 'healing' } end

local count = wish
local function bound(most, because)
  if most < count then
    count = math.max(0, most)
    reason = because
  end
end
bound(freeSlots(policy, nowMs), 'capacity')
-- Sums of fractions: a place that is there but for a billionth is there.
bound(math.floor(credit + 1e-6), 'rate')
bound(batchMax, 'batch')
local backHere = redis.call('ZCARD', back)
bound(inLanes() + backHere, redis.call('HLEN', away) > backHere and 'away' or 'empty')
if count == 0 then return { 'none', reason } end

local answer = { 'taken', '' }
local function put(place, lane, order, flag)
  local entry = turnOf(place)
  local value = lane .. ':' .. order .. ':' .. whole(entry and entry.turn + 1 or 1) .. flag
  redis.call('HSET', batch, place, value)
  redis.call('ZREM', seen, place)
  answer[#answer + 1] = place
  answer[#answer + 1] = value
  count = count - 1
end
local function isThere(place)
  return redis.call('ZSCORE', seen, place)
end

while count > 0 and passesLeft > 0 do
  local popped = redis.call('ZPOPMIN', back)
  local place = popped[1]
  if not place then break end
  local lane, order = awayOf(place)
  if isThere(place) then
    redis.call('HDEL', away, place)
    put(place, lane, order, ':back')
  else
    passesLeft = passesLeft - 1
  end
end

-- Also a lane without a share is let in from, now and then: nobody waits for ever.
local shares = { priority = math.max(1, policy.priorityPercent), returning = math.max(1, policy.returningPercent) }
shares.general = 100 - shares.priority - shares.returning
local due, left = {}, {}
local stored = redis.call('HMGET', rate, unpack(laneNames))
for at, name in ipairs(laneNames) do
  left[name] = redis.call('ZCARD', laneKeys[name])
  due[name] = left[name] > 0 and tonumber(stored[at] or '0') or 0
end
while count > 0 and passesLeft > 0 do
  local all, chosen = 0, nil
  for _, name in ipairs(laneNames) do
    if left[name] > 0 then
      all = all + shares[name]
      if not chosen or due[name] + shares[name] > due[chosen] + shares[chosen] then chosen = name end
    end
  end
  if not chosen then break end

  local popped = redis.call('ZPOPMIN', laneKeys[chosen])
  local place, order = popped[1], whole(tonumber(popped[2]))
  left[chosen] = left[chosen] - 1
  if isThere(place) then
    put(place, chosen, order, '')
    for _, name in ipairs(laneNames) do
      if left[name] > 0 or name == chosen then due[name] = due[name] + shares[name] end
    end
    due[chosen] = due[chosen] - all
  else
    redis.call('HSET', away, place, chosen .. ':' .. order)
    passesLeft = passesLeft - 1
  end
end
for _, name in ipairs(laneNames) do
  redis.call('HSET', rate, name, left[name] > 0 and string.format('%.3f', due[name]) or '0')
end

local taken = (#answer - 2) / 2
if taken == 0 then return { 'none', 'away' } end
if count > 0 then reason = 'away' end
local number = redis.call('HINCRBY', rate, 'batches', 1)
keepCredit(math.max(0, credit - taken), nowMicros)
head = whole(number) .. ':' .. whole(alive.epoch) .. ':' .. whole(nowMs) .. ':' .. reason
redis.call('HSET', batch, '#', head)
answer[2] = head
return answer
