-- One moment of a room: policy, counts, and the orders that a snapshot is made of. Its cost is that of the front, and of the
-- samples when they are taken anew, which are bounded whatever the line's length. A million wait: 0.6 ms, and 4 ms with them.
--
-- ARGV[1]  places of a lane's exact front; 0: no shape
-- ARGV[2]  samples behind it at most, of a lane
-- ARGV[3]  for how long a claim is fresh, ms
-- ARGV[4]  least distance of two samples, places
-- ARGV[5]  the same, per mille of the place
-- ARGV[6]  places of a lane's front whose presence is kept, at least
-- ARGV[7]  and as many as the rate lets in within this span, ms
-- ARGV[8]  age at which the samples are taken anew, ms
-- ARGV[9]  how many may have left from between them before that
-- ARGV[10] by how many places all may have moved up before that
--
-- Returns { } without a room, else { seq, nowMs, room, { epoch, healing, lost, gathered, turnsKnown },
--   { inLanes, away, inBatch or -1 without a batch, offers, sessions, fresh }, { second:general:priority:returning, … },
--   { lane, waiting, presentUpTo or '', { order, … }, passed } for each lane,
--   { fans who have given up their place, offers that nobody took, memory of the forecast or '' }, seq of the samples }, numbers of more than 32 bits as
--   text.

local frontPlaces = tonumber(ARGV[1])
local sampleMax = tonumber(ARGV[2])
local freshMs = tonumber(ARGV[3])
local stepPlaces = tonumber(ARGV[4])
local stepPart = tonumber(ARGV[5]) / 1000
local samplesEveryMs = tonumber(ARGV[8])
local leftMax = tonumber(ARGV[9])
local passedMax = tonumber(ARGV[10])

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "slots"
--- @include "life"
--- @include "doors"
--- @include "presence"

local roomText = redis.call('GET', room)
if not roomText then return {} end
local policy = cjson.decode(roomText)
local presencePlaces = presentPlaces(policy, tonumber(ARGV[6]), tonumber(ARGV[7]))

-- Not below the last order, so an order above seq was given after this look; and growing also when the clock steps back.
local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
local seq = math.max(
  nowMicros,
  tonumber(redis.call('HGET', rate, 'seq') or '0') + 1,
  tonumber(redis.call('GET', last) or '0')
)
redis.call('HSET', rate, 'seq', whole(seq))

local function orderAt(key, place)
  return redis.call('ZRANGE', key, place - 1, place - 1, 'WITHSCORES')[2]
end

-- Sampled places stand stepPlaces apart, then stepPart of the place: the bound that a gateway derives is off by no more. A
-- line longer than the samples reach is stepped through in wider, equal ratios.
local function takeSamples(key, waiting)
  local even = stepPlaces / stepPart
  local linear = math.max(0, math.ceil((math.min(waiting, even) - frontPlaces) / stepPlaces))
  local ratio = 1 + stepPart
  if waiting > even then
    ratio = math.max(ratio, (waiting / math.max(even, frontPlaces)) ^ (1 / (sampleMax - linear - 1)))
  end
  local places, orders = {}, {}
  local place = frontPlaces
  while place < waiting do
    place = math.min(waiting, math.max(place + stepPlaces, math.floor(place * ratio)))
    places[#places + 1] = place
    orders[#orders + 1] = orderAt(key, place)
  end
  return places, orders
end

local function upTo(key, order)
  return redis.call('ZCOUNT', key, '-inf', order)
end

local alive = lifeNow(nowMs)
local waitingIn = {}
for _, name in ipairs(laneNames) do waitingIn[name] = redis.call('ZCARD', laneKeys[name]) end

-- By how many places each lane has moved up behind the first of its samples; nil when they have to be taken anew: they are old, a
-- lane has grown beyond its front, somebody came to stand between them, or too much has moved.
local function passedSince()
  local kept = redis.call('HMGET', samples, 'atMs', 'settled', unpack(laneNames))
  local atMs = tonumber(kept[1] or '')
  if not atMs or nowMs < atMs or nowMs - atMs >= samplesEveryMs or kept[2] ~= '1' then return nil end
  local passed = {}
  for at, name in ipairs(laneNames) do
    passed[name] = 0
    local firstPlace, firstOrder, lastPlace, lastOrder = string.match(kept[at + 2] or '', '^(%d+):(.+):(%d+):(.+)$')
    if firstPlace then
      local moved = tonumber(firstPlace) - upTo(laneKeys[name], firstOrder)
      local left = tonumber(lastPlace) - upTo(laneKeys[name], lastOrder) - moved
      if moved < 0 or moved > passedMax or left < 0 or left > leftMax then return nil end
      passed[name] = moved
    elseif waitingIn[name] > frontPlaces then
      return nil
    end
  end
  return passed
end

-- Not settled: while a line heals, or a draw gathers, fans come to stand between others.
local function sampleAnew()
  local settled = not alive.healing and not (policy.orderMode == 'draw' and not admits(policy, nowMs))
  redis.call('DEL', samples)
  local text = {}
  for _, name in ipairs(laneNames) do
    local places, orders = takeSamples(laneKeys[name], waitingIn[name])
    text[#text + 1] = '"' .. name .. '":{"places":[' .. table.concat(places, ',') .. '],"orders":[' .. table.concat(orders, ',') .. ']}'
    if #places > 0 then
      redis.call('HSET', samples, name,
        places[1] .. ':' .. orders[1] .. ':' .. places[#places] .. ':' .. orders[#orders])
    end
  end
  redis.call('HSET', samples, 'seq', whole(seq), 'atMs', whole(nowMs), 'settled', settled and '1' or '0',
    'text', '{"seq":' .. whole(seq) .. ',"lanes":{' .. table.concat(text, ',') .. '}}')
  return { general = 0, priority = 0, returning = 0 }
end

local function shapeOf(name, passed)
  local key = laneKeys[name]
  local waiting = waitingIn[name]
  local front, presentUpTo = {}, ''
  if frontPlaces > 0 then
    local entries = redis.call('ZRANGE', key, 0, frontPlaces - 1, 'WITHSCORES')
    for at = 2, #entries, 2 do front[#front + 1] = entries[at] end
    if waiting > presencePlaces then presentUpTo = orderAt(key, presencePlaces) end
  end
  return { name, waiting, presentUpTo, front, passed[name] }
end

local counts = {
  inLanes(),
  redis.call('HLEN', away),
  redis.call('HLEN', batch) - 1,
  living(offers, nowMs),
  living(sessions, nowMs),
  redis.call('ZCOUNT', fresh, '(' .. whole(nowMs - math.min(freshMs, policy.sessionTtlMs)), '+inf'),
}
local passed = frontPlaces > 0 and (passedSince() or sampleAnew()) or {}
local shapes = {}
for at, name in ipairs(laneNames) do shapes[at] = shapeOf(name, passed) end
return {
  whole(seq), whole(nowMs), roomText, 
  { alive.epoch, alive.healing and 1 or 0, alive.lost and 1 or 0, alive.gathered and 1 or 0, alive.turnsKnown and 1 or 0 },
  counts, redis.call('HVALS', flow), shapes,
  { redis.call('HGET', rate, 'left') or '0', redis.call('HGET', rate, 'noShows') or '0', redis.call('HGET', rate, 'memory') or '' },
  redis.call('HGET', samples, 'seq') or '0',
}
