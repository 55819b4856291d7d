-- Counts one request of each fan, one after the other, and says of each whether it is within his bound: so many at once, then
-- one for each interval. In any span never more than those at once and one for each interval of it. The key lives until the
-- fan could ask as much at once again, so what is kept grows with the requests of the last seconds, and not with the fans. A
-- refused request is not counted.
--
-- KEYS     string  when the fan's next request would be due if all came evenly, ms (a fraction is carried); for each request
--                  that of its fan, at most limits.joinsPerScript
-- ARGV[1]  the interval, ms
-- ARGV[2]  requests at once
--
-- Returns for each 0 when the request passes, or the ms until one would.

local intervalMs = tonumber(ARGV[1])
local atOnce = tonumber(ARGV[2])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + time[2] / 1000

local function ask(key)
  local dueMs = math.max(nowMs, tonumber(redis.call('GET', key) or '0'))
  local earlyMs = dueMs - nowMs - (atOnce - 1) * intervalMs
  -- A thousandth is what the text below rounds away.
  if earlyMs > 0.001 then return math.ceil(earlyMs) end
  redis.call('SET', key, string.format('%.3f', dueMs + intervalMs), 'PX', math.ceil(dueMs + intervalMs - nowMs))
  return 0
end

local answers = {}
for at = 1, #KEYS do answers[at] = ask(KEYS[at]) end
return answers
