-- Where places stand, exactly. Writes nothing.
--
-- ARGV  the places, at most limits.standingsPerScript
--
-- Returns a standing for each, as in includes/standing.lua; nothing at all where the room was lost and nobody has begun to heal
-- it: what stands here then may be gone, or of an hour ago. While it heals nobody has a place to tell: it is 0.

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "turn"
--- @include "standing"
--- @include "life"

local nowMs = math.floor(microsNow() / 1000)
local alive = lifeNow(nowMs)
if alive.lost and not alive.isNew then return {} end
local standings = {}
for at = 1, #ARGV do
  local standing = standingOf(ARGV[at], nowMs)
  if alive.healing and not alive.isNew and standing[1] == 'waiting' then standing[3] = '0' end
  standings[at] = standing
end
return standings
