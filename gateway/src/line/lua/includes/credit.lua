-- Wants the includes keys, time and doors.
--
-- A bucket of places (a fraction is carried) that holds at most `depth`; what flows in is the rate, so no minute sees more
-- than its rate and one depth. That may be 1 % of the rate, or one fan where that is more (creditMs is a hundredth of a
-- minute): as deep as it can be, so that a tick that comes late loses nothing. Minutes are looked at in whole ms, which may
-- hide two of them.

local function depthOf(policy, creditMs)
  if policy.ratePerMinute == 0 then return 0 end
  local most = policy.ratePerMinute * creditMs / 60000
  if most >= 10 then return policy.ratePerMinute * (creditMs - 2) / 60000 end
  -- Fans are whole: what is beyond the last whole one lets nobody in, but keeps a fraction that has not yet made one.
  return math.max(1, math.floor(most)) + 0.95
end

-- The places that may go now. A room gains nothing while its doors are shut.
local function creditOf(policy, depth, nowMicros)
  local stored = redis.call('HMGET', rate, 'credit', 'atMs')
  if not stored[1] then return depth end
  local credit = tonumber(stored[1])
  if admits(policy, math.floor(nowMicros / 1000)) and depth > 0 then
    local elapsedMs = math.max(0, nowMicros / 1000 - tonumber(stored[2]))
    credit = credit + elapsedMs * policy.ratePerMinute / 60000
  end
  return math.max(0, math.min(depth, credit))
end

local function keepCredit(credit, nowMicros)
  redis.call('HSET', rate, 'credit', string.format('%.9f', credit), 'atMs', string.format('%.3f', nowMicros / 1000))
end
