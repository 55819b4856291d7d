-- Whether the doors are open by the policy and the clock; why not, if not.
local function admits(policy, nowMs)
  if not policy.open then return false, 'closed' end
  if policy.endsAtMs ~= cjson.null and policy.endsAtMs and nowMs >= policy.endsAtMs then return false, 'ended' end
  if policy.opensAtMs ~= cjson.null and policy.opensAtMs and nowMs < policy.opensAtMs then return false, 'preOpening' end
  if policy.paused then return false, 'paused' end
  return true
end
