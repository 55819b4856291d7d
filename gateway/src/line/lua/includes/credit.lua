-- Wants the local rate and the include time.
--
-- A bucket of places (a fraction is carried) that holds at most `depth`: creditMs of the rate, and at least one place.
-- Over a window it can give what it holds and what flows in meanwhile, so what flows in is the rate less what it may
-- hold beyond the first place: then no minute, wherever it begins, sees more than the rate. That costs at most
-- creditMs of each minute (1 in 60), and nothing at rates up to one place per creditMs.

local function depthOf(policy, creditMs)
  if policy.ratePerMinute == 0 then return 0 end
  return math.max(1, policy.ratePerMinute * creditMs / 60000)
end

-- The places that may go now. A room that is closed or paused gains nothing while it is.
local function creditOf(policy, depth, nowMicros)
  local stored = redis.call('HMGET', rate, 'credit', 'atMs')
  if not stored[1] then return depth end
  local credit = tonumber(stored[1])
  if policy.open and not policy.paused and depth > 0 then
    local elapsedMs = math.max(0, nowMicros / 1000 - tonumber(stored[2]))
    credit = credit + elapsedMs * (policy.ratePerMinute + 1 - depth) / 60000
  end
  return math.max(0, math.min(depth, credit))
end

local function keepCredit(credit, nowMicros)
  redis.call('HSET', rate, 'credit', string.format('%.9f', credit), 'atMs', string.format('%.3f', nowMicros / 1000))
end
