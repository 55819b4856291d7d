-- Keeps a snapshot unless a later one is there: of two workers that looked, the slower does not undo the faster. And unless the
-- room is gone by now: nothing of it would ever take the snapshot away again.
--
-- ARGV[1]  the snapshot, JSON
-- ARGV[2]  its seq
-- ARGV[3]  what the forecast is to remember, JSON
--
-- Returns 1 when it was kept, else 0.

local text = ARGV[1]
local seq = tonumber(ARGV[2])

--- @include "keys"

if redis.call('EXISTS', room) == 0 then return 0 end
local kept = redis.call('GETRANGE', snapshot, 0, 31)
local keptSeq = string.match(kept, '^{"seq":(%d+)')
if keptSeq and tonumber(keptSeq) >= seq then return 0 end
redis.call('SET', snapshot, text)
redis.call('HSET', rate, 'memory', ARGV[3])
return 1
