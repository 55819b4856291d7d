-- Keeps a snapshot unless a later one is there: of two workers that looked, the slower does not undo the faster. And unless the
-- room is gone by now: nothing of it would ever take the snapshot away again.
--
-- ARGV[1]  the snapshot, JSON
-- ARGV[2]  what the forecast is to remember, JSON
--
-- Returns 0 when it was not kept, 1 when it was, and 2 when the one before said otherwise of the quiet.

local text = ARGV[1]

--- @include "keys"

if redis.call('EXISTS', room) == 0 then return 0 end
local head = '^{"seq":(%d+),"atMs":%d+,"quiet":(%a+)'
local seq, quiet = string.match(text, head)
local keptSeq, keptQuiet = string.match(redis.call('GETRANGE', snapshot, 0, 63), head)
if keptSeq and tonumber(keptSeq) >= tonumber(seq) then return 0 end
redis.call('SET', snapshot, text)
redis.call('HSET', rate, 'memory', ARGV[2])
return (keptQuiet or 'false') == quiet and 1 or 2
