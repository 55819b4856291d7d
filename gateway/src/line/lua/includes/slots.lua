-- Wants the includes keys and time.

-- Members whose deadline is still ahead: what is past counts for nothing, also while nobody has removed it.
local function living(set, nowMs)
  return redis.call('ZCOUNT', set, '(' .. whole(nowMs), '+inf')
end

local function freeSlots(policy, nowMs)
  return policy.capacity - living(offers, nowMs) - living(sessions, nowMs)
end
