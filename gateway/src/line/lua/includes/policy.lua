-- What a join asks of the room's copy. Line.putRoom writes these first, so that they are read without the rest: decoding the
-- whole of it is a quarter of what a join costs. A copy that somebody wrote in another order is decoded.
local POLICY = '^{"open":(%l+),"paused":(%l+),"ratePerMinute":(%d+),"capacity":(%d+),"opensAtMs":(%w+),"endsAtMs":(%w+),'

local function policyOf(roomText)
  local open, paused, ratePerMinute, capacity, opensAtMs, endsAtMs = string.match(roomText, POLICY)
  if not open then return cjson.decode(roomText) end
  return {
    open = open == 'true', paused = paused == 'true',
    ratePerMinute = tonumber(ratePerMinute), capacity = tonumber(capacity),
    opensAtMs = tonumber(opensAtMs), endsAtMs = tonumber(endsAtMs),
  }
end
