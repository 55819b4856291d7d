-- Counts one request of each network, one after the other, and says of each whether it is still within its limit.
-- The window is cut in slots; a request counts until its whole slot has left the window, so never more than the limit
-- pass in any window, at a fixed size: at most slots + 1 fields. A refused request is not counted.
--
-- KEYS     hash   slot number -> requests counted in it; for each request that of its network, at most limits.joinsPerScript
-- ARGV[1]  the limit, requests per window
-- ARGV[2]  the window, ms
-- ARGV[3]  slots of a window
--
-- Returns for each 0 when the request passes, or the ms until a slot with requests in it leaves the window.

local limit = tonumber(ARGV[1])
local windowMs = tonumber(ARGV[2])
local slots = tonumber(ARGV[3])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local slotMs = windowMs / slots
local slot = math.floor(nowMs / slotMs)
local slotField = string.format('%.0f', slot)
local keptMs = windowMs + math.ceil(slotMs)

local function ask(counts)
  local total = 0
  local oldest = slot
  local fields = redis.call('HGETALL', counts)
  for at = 1, #fields, 2 do
    local counted = tonumber(fields[at])
    if counted < slot - slots then
      redis.call('HDEL', counts, fields[at])
    else
      total = total + tonumber(fields[at + 1])
      if counted < oldest then oldest = counted end
    end
  end
  if total >= limit then return math.ceil((oldest + slots + 1) * slotMs - nowMs) end
  redis.call('HINCRBY', counts, slotField, 1)
  redis.call('PEXPIRE', counts, keptMs)
  return 0
end

local answers = {}
for at = 1, #KEYS do answers[at] = ask(KEYS[at]) end
return answers
