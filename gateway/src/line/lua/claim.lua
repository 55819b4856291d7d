-- Makes the offer of a turn a session, in one step: offers and sessions together do not change. The session belongs to the
-- device that claims first.
--
-- ARGV[1]  the place
-- ARGV[2]  the turn its pass is for
-- ARGV[3]  the device that claims; '' the fan's own
-- ARGV[4]  end of its claim window, by the pass, ms: of a turn that only the core knew after a loss, the pass alone says it
--
-- Returns { outcome, standing… }: outcome
--   claimed      by this call or by an earlier one of this device, which gives the same session; standing as in includes/standing.lua
--   otherDevice  another device has the session
--   lapsed       the claim window is over
--   over         no such turn was recorded, or it has ended
--   unknownRoom  no copy of the room is here, so how long a session lives is not known

local place = ARGV[1]
local turn = tonumber(ARGV[2])
local device = ARGV[3]
local passUntilMs = tonumber(ARGV[4])

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "standing"

local nowMs = math.floor(microsNow() / 1000)
local entry = turnOf(place)
if not entry or entry.turn ~= turn then return { 'over' } end

if entry.stage == 'claimed' then
  if not deadlineIn(sessions, place, nowMs) then return { 'over' } end
  if entry.device ~= device then return { 'otherDevice' } end
  return { 'claimed', unpack(standingOf(place, nowMs)) }
end
-- It keeps its slot until the longest session it may have is over, so there is nothing to give beyond that.
local slotUntilMs = entry.stage == 'recalled' and deadlineIn(sessions, place, nowMs)
if entry.stage ~= 'offered' and not slotUntilMs then return { 'over' } end
if slotUntilMs and passUntilMs <= nowMs then return { 'lapsed' } end
if not slotUntilMs and not deadlineIn(offers, place, nowMs) then return { 'lapsed' } end

local roomText = redis.call('GET', room)
if not roomText then return { 'unknownRoom' } end
local expiresAtMs = nowMs + cjson.decode(roomText).sessionTtlMs
if slotUntilMs then expiresAtMs = math.min(expiresAtMs, tonumber(slotUntilMs)) end
expiresAtMs = whole(expiresAtMs)
redis.call('ZREM', offers, place)
redis.call('ZADD', sessions, expiresAtMs, place)
redis.call('ZADD', fresh, whole(nowMs), place)
entry.device = device
setStage(place, entry, 'claimed')
return { 'claimed', unpack(standingOf(place, nowMs)) }
