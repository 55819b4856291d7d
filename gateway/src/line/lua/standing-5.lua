-- Where places stand, exactly. Writes nothing.
--
-- KEYS[1]  line      zset  place -> order
-- KEYS[2]  offers    zset  place -> end of its claim window, ms
-- KEYS[3]  sessions  zset  place -> end of its session, ms
-- KEYS[4]  turns     hash  place -> turn:offeredAtMs:claimByMs:stage
-- KEYS[5]  batch     hash  place -> order:turn[:left]
-- ARGV     the places, at most limits.standingsPerScript
--
-- Returns a standing for each, as in includes/standing.lua.

local line = KEYS[1]
local offers = KEYS[2]
local sessions = KEYS[3]
local turns = KEYS[4]
local batch = KEYS[5]

--- @include "time"
--- @include "turn"
--- @include "standing"

local nowMs = math.floor(microsNow() / 1000)
local standings = {}
for at = 1, #ARGV do standings[at] = standingOf(ARGV[at], nowMs) end
return standings
