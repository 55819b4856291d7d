-- Keeps the copy of a room, unless the one here is of the same version or a later one.
--
-- ARGV[1]  the room, JSON
-- ARGV[2]  its version
--
-- Returns 1 when it was kept, else 0.

local text = ARGV[1]
local version = tonumber(ARGV[2])

--- @include "keys"

local kept = redis.call('GET', room)
if kept and cjson.decode(kept).version >= version then return 0 end
redis.call('SET', room, text)
return 1
