-- What breaks a promise in a line, wherever in it that stands, found without reading the line: it costs what the sets beside
-- the lanes hold, and of two lanes what the shorter one does. Writes nothing.
--
-- KEYS     general, priority, returning, away, batch, offers, sessions, last: as in shared/src/redis-keys.ts
-- ARGV[1]  rows told of each kind, at most
--
-- Returns { place, lane, where else, … } of who stands in a lane and elsewhere too, and { place, order, … } of who stands in a
-- lane behind the last order number given, though his own was not drawn.

local lanes = { { 'general', KEYS[1] }, { 'priority', KEYS[2] }, { 'returning', KEYS[3] } }
local away, batch, offers, sessions, last = KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local most = tonumber(ARGV[1])
-- shared/src/draw.ts: a drawn number is below 2^50.
local DRAWN_END = 1125899906842624

local twice = {}
local function tell(place, lane, elsewhere)
  if #twice / 3 >= most then return end
  for _, word in ipairs({ place, lane, elsewhere }) do twice[#twice + 1] = word end
end

for first = 1, #lanes do
  for second = first + 1, #lanes do
    for _, place in ipairs(redis.call('ZINTER', 2, lanes[first][2], lanes[second][2])) do
      tell(place, lanes[first][1], lanes[second][1])
    end
  end
end

local beside = {
  away = redis.call('HKEYS', away),
  batch = redis.call('HKEYS', batch),
  offers = redis.call('ZRANGE', offers, 0, -1),
  sessions = redis.call('ZRANGE', sessions, 0, -1),
}
for elsewhere, places in pairs(beside) do
  for _, place in ipairs(places) do
    for _, lane in ipairs(lanes) do
      if redis.call('ZSCORE', lane[2], place) then tell(place, lane[1], elsewhere) end
    end
  end
end

local ahead = {}
local given = math.max(tonumber(redis.call('GET', last) or '0'), DRAWN_END - 1)
for _, lane in ipairs(lanes) do
  local behind = redis.call('ZRANGEBYSCORE', lane[2], '(' .. string.format('%.0f', given), '+inf',
    'WITHSCORES', 'LIMIT', 0, most)
  for _, word in ipairs(behind) do ahead[#ahead + 1] = word end
end
return { twice, ahead }
