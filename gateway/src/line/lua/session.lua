-- Whether a shopper's session counts. His token is signed: while this Redis does not know its turn, or knows it from the
-- booking core alone (recalled), the token decides, and what it says is written down.
--
-- ARGV[1]  the place
-- ARGV[2]  turn of the token
-- ARGV[3]  end of the session, by the token, ms
-- ARGV[4]  the device it belongs to; '' the fan's own
--
-- Returns 1 when it counts, 0 when the turn is over.

local place = ARGV[1]
local turn = tonumber(ARGV[2])
local expiresAtMs = ARGV[3]
local device = ARGV[4]

--- @include "keys"
--- @include "time"
--- @include "turn"

local nowMs = math.floor(microsNow() / 1000)
local entry = turnOf(place)
if not entry or entry.turn < turn then return 1 end
if entry.turn > turn then return 0 end
if entry.stage == 'claimed' then return deadlineIn(sessions, place, nowMs) and 1 or 0 end
-- Offered: by a Redis that is older than the claim.
if entry.stage ~= 'recalled' and entry.stage ~= 'offered' then return 0 end
if tonumber(expiresAtMs) <= nowMs then return 0 end
redis.call('ZREM', offers, place)
redis.call('ZADD', sessions, expiresAtMs, place)
entry.device = device
setStage(place, entry, 'claimed')
return 1
