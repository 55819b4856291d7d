-- Wants the includes keys and time.

-- Places of a lane's front whose presence is kept: so many, or as many as the rate lets in within a span, whichever is more.
local function presentPlaces(policy, places, spanMs)
  return math.max(places, math.ceil(policy.ratePerMinute * spanMs / 60000))
end

-- As above of the room whose copy is here; the least of a room that is not.
local function presentPlacesHere(places, spanMs)
  local text = redis.call('GET', room)
  return text and presentPlaces(cjson.decode(text), places, spanMs) or places
end
