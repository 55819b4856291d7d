-- One moment of a room: policy, counts, and the orders that a snapshot is made of. Its cost is that of the front and the
-- samples asked for, whatever the line's length.
--
-- KEYS[1]  line      zset    place -> order
-- KEYS[2]  last      string  the last order given
-- KEYS[3]  offers    zset    place -> end of its claim window, ms
-- KEYS[4]  sessions  zset    place -> end of its session, ms
-- KEYS[5]  batch     hash    place -> order:turn[:left], and '#'
-- KEYS[6]  room      string  the room, JSON
-- KEYS[7]  rate      hash    seq of the last look
-- KEYS[8]  flow      hash    second modulo 64 -> second:admitted
-- ARGV[1]  places of the exact front
-- ARGV[2]  samples behind it
-- ARGV[3]  span in which a claim is fresh, ms
--
-- Returns { } without a room, else { seq, nowMs, room, { inLine, inBatch or -1 without a batch, offers, sessions, fresh },
--   { second:admitted, … }, { order, … }, { place, order, … } }, numbers of more than 32 bits as text.

local line = KEYS[1]
local last = KEYS[2]
local offers = KEYS[3]
local sessions = KEYS[4]
local batch = KEYS[5]
local room = KEYS[6]
local rate = KEYS[7]
local flow = KEYS[8]
local frontPlaces = tonumber(ARGV[1])
local sampleCount = tonumber(ARGV[2])
local freshMs = tonumber(ARGV[3])

--- @include "time"
--- @include "slots"

local roomText = redis.call('GET', room)
if not roomText then return {} end
local policy = cjson.decode(roomText)

-- Not below the last order, so an order above seq was given after this look; and growing also when the clock steps back.
local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
local seq = math.max(
  nowMicros,
  tonumber(redis.call('HGET', rate, 'seq') or '0') + 1,
  tonumber(redis.call('GET', last) or '0')
)
redis.call('HSET', rate, 'seq', whole(seq))

local inLine = redis.call('ZCARD', line)
local front = {}
if frontPlaces > 0 then
  local entries = redis.call('ZRANGE', line, 0, frontPlaces - 1, 'WITHSCORES')
  for at = 2, #entries, 2 do front[#front + 1] = whole(tonumber(entries[at])) end
end

-- Sampled places grow by an equal ratio: the bound that a gateway derives is off by the same small part everywhere.
local samples = {}
local sampled = frontPlaces
for at = 1, sampleCount do
  if sampled >= inLine then break end
  local even = math.floor(frontPlaces * (inLine / frontPlaces) ^ (at / sampleCount))
  local place = at == sampleCount and inLine or math.min(inLine, math.max(sampled + 1, even))
  local entry = redis.call('ZRANGE', line, place - 1, place - 1, 'WITHSCORES')
  samples[#samples + 1] = whole(place)
  samples[#samples + 1] = whole(tonumber(entry[2]))
  sampled = place
end

local counts = {
  inLine,
  redis.call('HLEN', batch) - 1,
  living(offers, nowMs),
  living(sessions, nowMs),
  redis.call('ZCOUNT', sessions, '(' .. whole(nowMs + math.max(0, policy.sessionTtlMs - freshMs)), '+inf'),
}
return { whole(seq), whole(nowMs), roomText, counts, redis.call('HVALS', flow), front, samples }
