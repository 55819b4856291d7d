-- What is new of a room to a gateway that looks again and again. Writes nothing.
--
-- ARGV[1]  seq of the snapshot that it has; '' without one
-- ARGV[2]  seq of the samples that it has; '' without them
--
-- Returns { room or '', snapshot: '' when there is none, 'same' when it has it, samples or '' }. Samples come with the
-- snapshot that they are of, or not at all: those that a look has taken since would place fans too far in front.

local hasSnapshot = ARGV[1]
local hasSamples = ARGV[2]

--- @include "keys"

local answer = { redis.call('GET', room) or '', '', '' }
local seq = string.match(redis.call('GETRANGE', snapshot, 0, 31), '^{"seq":(%d+)')
if not seq then return answer end
answer[2] = 'same'
if seq == hasSnapshot then return answer end
answer[2] = redis.call('GET', snapshot)
local wanted = string.match(answer[2], '"samplesSeq":(%d+)')
local kept = redis.call('HGET', samples, 'seq')
if wanted == kept and wanted ~= hasSamples then answer[3] = redis.call('HGET', samples, 'text') end
return answer
