-- Keeps a snapshot unless a later one is there: of two workers that looked, the slower does not undo the faster. And unless the
-- room is gone by now: nothing of it would ever take the snapshot away again.
--
-- ARGV[1]  the snapshot, JSON
-- ARGV[2]  its seq
-- ARGV[3]  what the forecast is to remember, JSON
-- ARGV[4]  1: it says that the room is quiet
--
-- Returns 0 when it was not kept, 1 when it was, and 2 when the one before said otherwise of the quiet.

local text = ARGV[1]
local seq = tonumber(ARGV[2])

--- @include "keys"

if redis.call('EXISTS', room) == 0 then return 0 end
local kept = redis.call('GETRANGE', snapshot, 0, 63)
local keptSeq, keptQuiet = string.match(kept, '^{"seq":(%d+),"atMs":%d+,"quiet":(%a+)')
if keptSeq and tonumber(keptSeq) >= seq then return 0 end
redis.call('SET', snapshot, text)
redis.call('HSET', rate, 'memory', ARGV[3])
return (keptQuiet == 'true') == (ARGV[4] == '1') and 1 or 2
