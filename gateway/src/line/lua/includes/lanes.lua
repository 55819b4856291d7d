-- Wants the includes keys and time.

local laneNames = { 'general', 'priority', 'returning' }
local laneKeys = { general = general, priority = priority, returning = returning }

-- The lane a place waits in and its rank there, counted from 0; nil when it is in none.
local function laneOf(place)
  for _, name in ipairs(laneNames) do
    local rank = redis.call('ZRANK', laneKeys[name], place)
    if rank then return name, rank end
  end
  return nil
end

-- Everyone in a lane, without those passed over.
local function inLanes()
  return redis.call('ZCARD', general) + redis.call('ZCARD', priority) + redis.call('ZCARD', returning)
end

-- Everyone who waits: in a lane, passed over, and in the batch that is not yet offered (whose field '#' is no place).
local function waitingCount()
  return inLanes() + redis.call('HLEN', away) + math.max(0, redis.call('HLEN', batch) - 1)
end

-- Lane and order of a place that was passed over; nil of any other.
local function awayOf(place)
  local entry = redis.call('HGET', away, place)
  if not entry then return nil end
  return string.match(entry, '^(%a+):(%d+)$')
end

-- Who was passed over and is there again goes out first. Of those whose token came after a healing that is true once nobody
-- of their lane stands before them; until then they are asked about again whenever they are seen.
local function comeBack(place)
  local lane, order = awayOf(place)
  if not order then return 0 end
  local front = redis.call('ZRANGE', laneKeys[lane], 0, 0, 'WITHSCORES')[2]
  if front and tonumber(front) < tonumber(order) then return 0 end
  return redis.call('ZADD', back, order, place)
end
