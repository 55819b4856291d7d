-- Writes down who is there: fans near the front whose socket is open, or who have just asked. Who was passed over comes
-- back by it and goes out first. Saying so of somebody who waits nowhere changes nothing.
--
-- Of those who are back, too, presence is kept for the front alone: who stands behind it is said again before his turn, or
-- passed over again and back when he is.
--
-- ARGV[1]  places of a lane's front whose presence is kept, at least
-- ARGV[2]  and as many as the rate lets in within this span, ms
-- ARGV     the places, at most limits.standingsPerScript
--
-- Returns how many came back.

--- @include "keys"
--- @include "time"
--- @include "lanes"
--- @include "presence"

local nowMs = whole(math.floor(microsNow() / 1000))
local cameBack = 0
local front = presentPlacesHere(tonumber(ARGV[1]), tonumber(ARGV[2]))
for at = 3, #ARGV do
  local place = ARGV[at]
  local lane, order = awayOf(place)
  local rank
  if lane then
    cameBack = cameBack + comeBack(place)
    rank = redis.call('ZRANK', back, place)
  else
    lane, rank = laneOf(place)
  end
  if rank and rank < front then redis.call('ZADD', seen, nowMs, place) end
end
return cameBack
