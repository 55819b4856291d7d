-- Gives a living session more time, once: from its end on, a part of what the room gives its sessions.
--
-- ARGV[1]  the place
-- ARGV[2]  the turn
-- ARGV[3]  the part, in per cent
-- ARGV[4]  more than this is not given, ms
--
-- Returns { outcome, standing… }: outcome
--   renewed      by this call or by an earlier one, which gave all there is; standing as in includes/standing.lua
--   over         the session is not this turn's, or has ended
--   unknownRoom  no copy of the room is here, so how long a session lives is not known

local place = ARGV[1]
local turn = tonumber(ARGV[2])
local part = tonumber(ARGV[3]) / 100
local mostMs = tonumber(ARGV[4])

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "standing"

local nowMs = math.floor(microsNow() / 1000)
local entry = turnOf(place)
if not entry or entry.turn ~= turn or entry.stage ~= 'claimed' then return { 'over' } end
local expiresAtMs = deadlineIn(sessions, place, nowMs)
if not expiresAtMs then return { 'over' } end

if not entry.renewed then
  local roomText = redis.call('GET', room)
  if not roomText then return { 'unknownRoom' } end
  local moreMs = math.min(mostMs, math.floor(cjson.decode(roomText).sessionTtlMs * part))
  redis.call('ZADD', sessions, whole(tonumber(expiresAtMs) + moreMs), place)
  entry.renewed = true
  setStage(place, entry, 'claimed')
end
return { 'renewed', unpack(standingOf(place, nowMs)) }
