-- Offers the batch, which the booking core has recorded: each place gets its slot until the end of its claim window, and
-- the batch is gone. Of several workers that recorded it, one does this; for the others it is over.
--
-- ARGV[1]  number of the batch that was recorded
-- ARGV[2]  when it was taken, ms: numbers begin anew when Redis was lost
-- ARGV[3]  span of the rate that credit may hold, ms
--
-- Returns
--   offered  by this call
--   over     that batch is not here any more
--   held     the room was closed or paused meanwhile, was lost, or its copy is not here: the batch stays

local number = ARGV[1]
local takenAtMs = ARGV[2]
local creditMs = tonumber(ARGV[3])

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "doors"
--- @include "credit"
--- @include "life"

local head = redis.call('HGET', batch, '#')
local headNumber, headAtMs = string.match(head or '', '^(%d+):%d+:(%d+):')
if headNumber ~= number or headAtMs ~= takenAtMs then return 'over' end

local roomText = redis.call('GET', room)
if not roomText then return 'held' end
local policy = cjson.decode(roomText)
local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
if not admits(policy, nowMs) or lifeNow(nowMs).healing then return 'held' end

local claimByMs = nowMs + policy.claimWindowMs
local admitted = { general = 0, priority = 0, returning = 0 }
local all = 0
local fields = redis.call('HGETALL', batch)
for at = 1, #fields, 2 do
  local place = fields[at]
  local lane, turn, left = string.match(fields[at + 1], '^(%a+):%d+:(%d+)(.*)$')
  if place ~= '#' then
    admitted[lane] = admitted[lane] + 1
    all = all + 1
    local entry = { turn = tonumber(turn), offeredAtMs = whole(nowMs), claimByMs = whole(claimByMs) }
    if string.find(left, ':left$') then
      local ended = turnOf(place)
      setStage(place, entry, ended and ended.stage == 'removed' and 'removed' or 'left')
    else
      redis.call('ZADD', offers, whole(claimByMs), place)
      setStage(place, entry, 'offered')
    end
  end
end
redis.call('DEL', batch)

-- Fans are admitted now, not when they were taken: the bucket is left as if they had been in it until this moment, or
-- a batch that waited for the core would be followed by a full bucket within the same minute.
local depth = depthOf(policy, creditMs)
local credit = creditOf(policy, depth, nowMicros)
keepCredit(math.max(0, math.min(credit, depth - all)), nowMicros)

local second = math.floor(nowMs / 1000)
local slot = whole(second % 64)
local counts = { redis.call('HGET', flow, slot) }
local countedSecond, before = string.match(counts[1] or '', '^(%d+):(.*)$')
counts = { 0, 0, 0 }
if tonumber(countedSecond) == second then
  local at = 0
  for count in string.gmatch(before, '%d+') do
    at = at + 1
    counts[at] = tonumber(count)
  end
end
for at, name in ipairs(laneNames) do counts[at] = whole(counts[at] + admitted[name]) end
redis.call('HSET', flow, slot, whole(second) .. ':' .. table.concat(counts, ':'))
return 'offered'
