-- Takes the next places out of the line into the batch, at once and all together: as many as were wished for and as
-- slots, rate credit and the batch's size allow. While a batch is there nothing is taken: there is never a second one.
-- Dies with Redis only: a worker that dies after it leaves a batch that the next tick finishes.
--
-- KEYS[1]  line      zset    place -> order
-- KEYS[2]  offers    zset    place -> end of its claim window, ms; what has lapsed is removed here
-- KEYS[3]  sessions  zset    place -> end of its session, ms; what has expired is removed here
-- KEYS[4]  turns     hash    place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[5]  batch     hash    place -> order:turn[:left], and '#' -> batch:atMs:reason
-- KEYS[6]  room      string  the room, JSON
-- KEYS[7]  rate      hash    credit (places), atMs, batches (counter)
-- ARGV[1]  how many are wished for
-- ARGV[2]  why not more
-- ARGV[3]  places in a batch at most
-- ARGV[4]  span of the rate that credit may hold, ms
--
-- Returns { outcome, … }:
--   taken, batch:atMs:reason, place, order:turn, …   this call took them; the reason is what bounded them
--   pending, batch:atMs:reason, place, …             one that an earlier call took
--   none, reason                                     nobody may go

local line = KEYS[1]
local offers = KEYS[2]
local sessions = KEYS[3]
local turns = KEYS[4]
local batch = KEYS[5]
local room = KEYS[6]
local rate = KEYS[7]
local wish = tonumber(ARGV[1])
local reason = ARGV[2]
local batchMax = tonumber(ARGV[3])
local creditMs = tonumber(ARGV[4])

--- @include "time"
--- @include "turn"
--- @include "slots"
--- @include "credit"

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

local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
redis.call('ZREMRANGEBYSCORE', offers, '-inf', whole(nowMs))
redis.call('ZREMRANGEBYSCORE', sessions, '-inf', whole(nowMs))

local roomText = redis.call('GET', room)
if not roomText then return { 'none', 'closed' } end
local policy = cjson.decode(roomText)
local credit = creditOf(policy, depthOf(policy, creditMs), nowMicros)
keepCredit(credit, nowMicros)
if not policy.open then return { 'none', 'closed' } end
if policy.paused then return { 'none', 'paused' } end

local count = wish
local function bound(most, why)
  if most < count then
    count = math.max(0, most)
    reason = why
  end
end
bound(freeSlots(policy, nowMs), 'capacity')
-- Sums of fractions: a place that is there but for a billionth is there.
bound(math.floor(credit + 1e-6), 'rate')
bound(batchMax, 'batch')
bound(redis.call('ZCARD', line), 'empty')
if count == 0 then return { 'none', reason } end

local number = redis.call('HINCRBY', rate, 'batches', 1)
keepCredit(math.max(0, credit - count), nowMicros)
head = whole(number) .. ':' .. whole(nowMs) .. ':' .. reason
redis.call('HSET', batch, '#', head)
local answer = { 'taken', head }
local popped = redis.call('ZPOPMIN', line, count)
for at = 1, #popped, 2 do
  local place = popped[at]
  local entry = turnOf(place)
  local value = whole(tonumber(popped[at + 1])) .. ':' .. whole(entry and entry.turn + 1 or 1)
  redis.call('HSET', batch, place, value)
  answer[#answer + 1] = place
  answer[#answer + 1] = value
end
return answer
