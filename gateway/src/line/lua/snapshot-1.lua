-- Keeps a snapshot unless a later one is there: of two workers that looked, the slower does not undo the faster.
--
-- KEYS[1]  snapshot  string  the snapshot, JSON that begins with {"seq":
-- ARGV[1]  the snapshot, JSON
-- ARGV[2]  its seq
--
-- Returns 1 when it was kept, else 0.

local snapshot = KEYS[1]
local text = ARGV[1]
local seq = tonumber(ARGV[2])

local kept = redis.call('GETRANGE', snapshot, 0, 31)
local keptSeq = string.match(kept, '^{"seq":(%d+)')
if keptSeq and tonumber(keptSeq) >= seq then return 0 end
redis.call('SET', snapshot, text)
return 1
