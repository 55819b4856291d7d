-- Offers the batch, which the booking core has recorded: each place gets its slot until the end of its claim window, and
-- the batch is gone. Of several workers that recorded it, one does this; for the others it is over.
--
-- KEYS[1]  offers  zset    place -> end of its claim window, ms
-- KEYS[2]  turns   hash    place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[3]  batch   hash    place -> order:turn[:left], and '#' -> batch:atMs:reason
-- KEYS[4]  room    string  the room, JSON
-- KEYS[5]  rate    hash    credit (places), atMs
-- KEYS[6]  flow    hash    second modulo 64 -> second:admitted
-- ARGV[1]  number of the batch that was recorded
-- ARGV[2]  when it was taken, ms: numbers begin anew when Redis was lost
-- ARGV[3]  span of the rate that credit may hold, ms
--
-- Returns
--   offered  by this call
--   over     that batch is not here any more
--   held     the room was closed or paused meanwhile, or its copy is not here: the batch stays

local offers = KEYS[1]
local turns = KEYS[2]
local batch = KEYS[3]
local room = KEYS[4]
local rate = KEYS[5]
local flow = KEYS[6]
local number = ARGV[1]
local takenAtMs = ARGV[2]
local creditMs = tonumber(ARGV[3])

--- @include "time"
--- @include "turn"
--- @include "credit"

local head = redis.call('HGET', batch, '#')
local recorded = number .. ':' .. takenAtMs .. ':'
if not head or string.sub(head, 1, #recorded) ~= recorded then return 'over' end

local roomText = redis.call('GET', room)
if not roomText then return 'held' end
local policy = cjson.decode(roomText)
if policy.paused or not policy.open then return 'held' end

local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
local claimByMs = nowMs + policy.claimWindowMs
local admitted = 0
local fields = redis.call('HGETALL', batch)
for at = 1, #fields, 2 do
  local place = fields[at]
  local _, turn, left = string.match(fields[at + 1], '^(%d+):(%d+)(.*)$')
  if place ~= '#' then
    admitted = admitted + 1
    local entry = { turn = tonumber(turn), offeredAtMs = whole(nowMs), claimByMs = whole(claimByMs) }
    if left == ':left' then
      setStage(place, entry, 'left')
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
keepCredit(math.max(0, math.min(credit, depth - admitted)), nowMicros)

local second = math.floor(nowMs / 1000)
local slot = whole(second % 64)
local counted = redis.call('HGET', flow, slot)
local countedSecond, before = string.match(counted or '', '^(%d+):(%d+)$')
if tonumber(countedSecond) ~= second then before = 0 end
redis.call('HSET', flow, slot, whole(second) .. ':' .. whole(before + admitted))
return 'offered'
