-- Brings back what a loss of Redis took and others still know: places by their signed tokens; places, offers, sessions and
-- ends of turns by what gateways last read for their sockets. Only what was known in an earlier epoch is brought back; what
-- this Redis, or the booking core (turnsback.lua), knows of the same turn or a later one stands.
--
-- While the line heals, a place stands in its lane by its order, and of two orders of one place the smaller is his. One that
-- comes later would move shown places back: he waits beside his lane, as who was passed over, and goes out when nobody of it
-- stands before him.
--
-- ARGV[1]  places of a lane's front whose presence is kept, at least
-- ARGV[2]  and as many as the rate lets in within this span, ms
-- ARGV     for each, at most limits.standingsPerScript: place, epoch in which it was known, turn, stage and three more:
--   waiting  lane, order, ''                          for this turn
--   offered  offeredAtMs, claimByMs, ''
--   claimed  end of the session, device, 1 when renewed
--   else     how the turn ended: left, lapsed, expired, ordered, removed, revoked; '', '', ''
--
-- Returns { epoch, how many were brought back }; epoch -1: lost, and nobody has begun to heal it.

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "life"
--- @include "doors"
--- @include "presence"

local presencePlaces, presenceSpanMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local nowMs = math.floor(microsNow() / 1000)
local alive = lifeNow(nowMs)
if alive.lost then return { -1, 0 } end

local roomText = redis.call('GET', room)
local policy = roomText and cjson.decode(roomText)
local _, shut = admits(policy or { open = false }, nowMs)
-- Nobody has been shown a place that could move back.
local untold = alive.healing or (policy and policy.orderMode == 'draw' and shut == 'preOpening')
local front = presentPlacesHere(presencePlaces, presenceSpanMs)
local newest = tonumber(redis.call('GET', last) or '0')

local function endSlots(place)
  redis.call('ZREM', offers, place)
  redis.call('ZREM', sessions, place)
  redis.call('ZREM', fresh, place)
end

local function leaveLine(place)
  for _, name in ipairs(laneNames) do redis.call('ZREM', laneKeys[name], place) end
  redis.call('HDEL', away, place)
  redis.call('ZREM', back, place)
end

local function orderNow(place)
  local lane = laneOf(place)
  if lane then return tonumber(redis.call('ZSCORE', laneKeys[lane], place)) end
  local _, order = awayOf(place)
  return tonumber(order)
end

local function putInLine(place, epoch, turn, lane, order)
  local entry = turnOf(place)
  if entry and (entry.turn >= turn or entry.stage == 'removed') then return 0 end
  -- Left the line since (leave.lua): the token is of before.
  if entry and entry.stage == 'left' and entry.claimByMs == '0' and tonumber(entry.offeredAtMs) > epoch then return 0 end
  if redis.call('HEXISTS', batch, place) == 1 then return 0 end
  local standsAt = orderNow(place)
  if standsAt and standsAt <= tonumber(order) then return 0 end

  leaveLine(place)
  if turn > 1 then
    -- Who waits for a later turn has had the ones before.
    endSlots(place)
    if not entry or entry.turn < turn - 1 or entry.stage == 'recalled' then
      setStage(place, { turn = turn - 1, offeredAtMs = '0', claimByMs = '0' }, 'expired')
    end
  end
  if untold then
    redis.call('ZADD', laneKeys[lane], order, place)
    local rank = redis.call('ZRANK', laneKeys[lane], place)
    if rank < front then redis.call('ZADD', seen, whole(nowMs), place) end
  else
    redis.call('HSET', away, place, lane .. ':' .. order)
    if comeBack(place) == 1 then redis.call('ZADD', seen, whole(nowMs), place) end
  end
  newest = math.max(newest, tonumber(order))
  return 1
end

local function bringTurn(place, turn, stage, first, second, third)
  local entry = turnOf(place)
  if entry and (entry.turn > turn or (entry.turn == turn and entry.stage ~= 'recalled')) then return 0 end
  if redis.call('HEXISTS', batch, place) == 1 then return 0 end
  endSlots(place)
  local was = { turn = turn, offeredAtMs = entry and entry.offeredAtMs or '0', claimByMs = entry and entry.claimByMs or '0' }
  if stage == 'offered' then
    was.offeredAtMs, was.claimByMs = first, second
    if tonumber(second) > nowMs then redis.call('ZADD', offers, second, place) end
  elseif stage == 'claimed' then
    was.device, was.renewed = second, third == '1'
    if tonumber(first) > nowMs then redis.call('ZADD', sessions, first, place) end
  end
  setStage(place, was, stage)
  return 1
end

local restored = 0
for at = 3, #ARGV, 7 do
  local place, epoch, turn, stage = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
  local first, second, third = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  -- Fans join a new room before its first life begins: by that nothing is lost.
  if math.max(epoch, 1) < alive.epoch then
    local bring = stage == 'waiting' and putInLine(place, epoch, turn, first, second)
      or bringTurn(place, turn, stage, first, second, third)
    restored = restored + bring
  end
end
if restored > 0 then redis.call('SET', last, whole(newest)) end
return { alive.epoch, restored }
