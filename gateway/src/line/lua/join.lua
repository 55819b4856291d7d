-- Puts places into the line, each once, one after the other in the order given: many are judged by one call, and what they
-- are told is what calls of their own in that order would have told them. Order numbers are µs of Redis's clock and strictly
-- increase, so of two joins the one that was judged first stands before the other, and after a loss of Redis newcomers stand
-- behind every older token. Before the doors of a draw open the order is the place's drawn number, below 2^50, so everyone
-- later stands behind.
--
-- ARGV[1]  turns a place may have
-- ARGV[2]  places of a lane's front whose presence is kept, at least
-- ARGV[3]  and as many as the rate lets in within this span, ms
-- ARGV     for each, at most limits.joinsPerScript:
--   the place
--   lane it may stand in: general, or priority with an invitation
--   its drawn number; '' in a room of order of arrival
--
-- Returns for each, in one text with blanks between: outcome wake epoch standing…; outcome
--   new          a place at the end of its lane: the returning lane after a missed offer or a lost session
--   there        waits, is offered or shops already; who waits and comes with an invitation changes lanes with his order
--   spent        has had its turns; the standing says how the last one ended
--   removed      an operator took him out of this line
--   closed       the doors are closed; a place that waits keeps it and is `there`
--   unknownRoom  no copy of the room is here
--   lost         what this Redis knew of the room was lost and nobody has begun to heal it: a place given now could come to
--                stand before older ones
-- wake is 1 when nobody else waits and a slot is free; standing as in includes/standing.lua, with place 0 while the line heals.

local turnsMax = tonumber(ARGV[1])
local presencePlaces = tonumber(ARGV[2])
local presenceSpanMs = tonumber(ARGV[3])
local FIRST, WORDS = 4, 3

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "standing"
--- @include "slots"
--- @include "doors"
--- @include "policy"
--- @include "presence"
--- @include "life"

local nowMicros = microsNow()
local nowMs = math.floor(nowMicros / 1000)
local now = whole(nowMs)

local alive = lifeNow(nowMs)
local untold = alive.healing and not alive.isNew
local epoch = whole(alive.epoch)
local roomText = redis.call('GET', room)
local policy = roomText and policyOf(roomText)
local open, shut = false, nil
if policy then open, shut = admits(policy, nowMs) end
-- Presence is kept near the front, of how many the policy says: who stands there is read for it, and nobody else.
local present = policy and presentPlaces(policy, presencePlaces, presenceSpanMs) or presencePlaces

-- Why nobody new may stand in the line.
local bar
if not policy then bar = 'unknownRoom'
elseif shut == 'closed' or shut == 'ended' then bar = 'closed'
elseif alive.lost and not alive.isNew then bar = 'lost' end

local function answer(outcome, standing, wake)
  if untold and standing[1] == 'waiting' then standing[3] = '0' end
  return outcome .. (wake and ' 1 ' or ' 0 ') .. epoch .. ' ' .. table.concat(standing, ' ')
end

-- The places of this call of which anything is known here. Most are new, and to look for each by itself is most of what a join
-- costs.
local known = {}
do
  local places = {}
  for at = FIRST, #ARGV, WORDS do places[#places + 1] = ARGV[at] end
  local function note(found)
    for at = 1, #places do
      if found[at] then known[places[at]] = true end
    end
  end
  for _, name in ipairs(laneNames) do note(redis.call('ZMSCORE', laneKeys[name], unpack(places))) end
  for _, key in ipairs({ away, batch, turns }) do note(redis.call('HMGET', key, unpack(places))) end
end

-- What this call gives is written down together: at its end, and before anybody is looked up by himself.
local given = tonumber(redis.call('GET', last) or '0')
local newest = given
local stands = { general = {}, priority = {}, returning = {} }
local seenNow = {}
local function writeDown()
  if newest > given then
    for name, words in pairs(stands) do
      if #words > 0 then redis.call('ZADD', laneKeys[name], unpack(words)) end
      stands[name] = {}
    end
    redis.call('SET', last, whole(newest))
    given = newest
  end
  if #seenNow > 0 then
    redis.call('ZADD', seen, unpack(seenNow))
    seenNow = {}
  end
end

local function see(place, rank)
  if rank >= present then return end
  seenNow[#seenNow + 1] = now
  seenNow[#seenNow + 1] = place
end

-- How many wait, with those who are not written down yet; nil when it has to be counted again.
local waiting, waitingIn
local function count()
  waiting, waitingIn = waitingCount(), {}
  for _, name in ipairs(laneNames) do waitingIn[name] = redis.call('ZCARD', laneKeys[name]) end
end

local function stand(place, lane, turn, drawn)
  if not waiting then count() end
  local order, rank
  if shut == 'preOpening' and drawn ~= '' then
    order = drawn
    redis.call('ZADD', laneKeys[lane], order, place)
    rank = redis.call('ZRANK', laneKeys[lane], place)
  else
    -- No order is above the last one given: he stands at the end.
    newest = math.max(newest + 1, nowMicros)
    order = whole(newest)
    local words = stands[lane]
    words[#words + 1] = order
    words[#words + 1] = place
    rank = waitingIn[lane]
  end
  waiting, waitingIn[lane] = waiting + 1, waitingIn[lane] + 1
  known[place] = true
  see(place, rank)
  local wake = open and waiting == 1 and freeSlots(policy, nowMs) > 0
  return answer('new', { 'waiting', order, whole(rank + 1), whole(waiting), lane, '0', whole(turn) }, wake)
end

-- Of a place that is known: by itself, as it stands now.
local function meet(place, wanted, drawn)
  writeDown()
  waiting = nil
  local standing = standingOf(place, nowMs)
  local stage = standing[1]
  if stage == 'waiting' then
    if wanted == 'priority' and standing[5] == 'general' and redis.call('ZREM', general, place) == 1 then
      redis.call('ZADD', priority, standing[2], place)
      -- He stands before others now: what was sampled there holds no more.
      redis.call('DEL', samples)
      standing = standingOf(place, nowMs)
    end
    local rank = redis.call('ZRANK', laneKeys[standing[5]], place)
    if rank then
      see(place, rank)
    elseif standing[6] == '1' then
      comeBack(place)
      see(place, 0)
    end
    return answer('there', standing)
  end
  if stage == 'offered' or stage == 'shopping' then return answer('there', standing) end

  if bar and bar ~= 'lost' then return answer(bar, standing) end
  if stage == 'none' then return bar and answer(bar, standing) or stand(place, wanted, 1, drawn) end
  -- He left while his batch was being recorded, and is back before it is: his turn comes after all.
  local taken = redis.call('HGET', batch, place)
  if taken then
    redis.call('HSET', batch, place, (string.gsub(taken, ':left$', '')))
    return answer('there', standingOf(place, nowMs))
  end
  if bar then return answer(bar, standing) end

  local entry = turnOf(place)
  if entry.stage == 'removed' then return answer('removed', standing) end
  if entry.turn >= turnsMax then return answer('spent', standing) end
  if entry.stage == 'recalled' then
    redis.call('ZREM', sessions, place)
    setStage(place, entry, 'expired')
  end
  local lane = (standing[3] == 'lapsed' or standing[3] == 'expired') and 'returning' or wanted
  return stand(place, lane, entry.turn + 1, drawn)
end

local answers = {}
for at = FIRST, #ARGV, WORDS do
  local place, wanted, drawn = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if known[place] then
    answers[#answers + 1] = meet(place, wanted, drawn)
  elseif bar then
    answers[#answers + 1] = answer(bar, { 'none' })
  else
    answers[#answers + 1] = stand(place, wanted, 1, drawn)
  end
end
writeDown()
return answers
