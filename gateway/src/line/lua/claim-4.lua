-- Makes the offer of a turn a session, in one step: offers and sessions together do not change.
--
-- KEYS[1]  offers    zset    place -> end of its claim window, ms
-- KEYS[2]  sessions  zset    place -> end of its session, ms
-- KEYS[3]  turns     hash    place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[4]  room      string  the room, JSON
-- ARGV[1]  the place
-- ARGV[2]  the turn its pass is for
--
-- Returns { outcome, sessionExpiresAtMs? }: outcome
--   claimed      by this call or by an earlier one, which gives the same session
--   lapsed       the claim window is over
--   over         no such turn was recorded, or it has ended
--   unknownRoom  no copy of the room is here, so how long a session lives is not known

local offers = KEYS[1]
local sessions = KEYS[2]
local turns = KEYS[3]
local room = KEYS[4]
local place = ARGV[1]
local turn = tonumber(ARGV[2])

--- @include "time"
--- @include "turn"

local nowMs = math.floor(microsNow() / 1000)
local entry = turnOf(place)
if not entry or entry.turn ~= turn then return { 'over' } end

if entry.stage == 'claimed' then
  local expiresAtMs = deadlineIn(sessions, place, nowMs)
  if not expiresAtMs then return { 'over' } end
  return { 'claimed', whole(tonumber(expiresAtMs)) }
end
if entry.stage ~= 'offered' then return { 'over' } end
if not deadlineIn(offers, place, nowMs) then return { 'lapsed' } end

local roomText = redis.call('GET', room)
if not roomText then return { 'unknownRoom' } end
local expiresAtMs = whole(nowMs + cjson.decode(roomText).sessionTtlMs)
redis.call('ZREM', offers, place)
redis.call('ZADD', sessions, expiresAtMs, place)
setStage(place, entry, 'claimed')
return { 'claimed', expiresAtMs }
