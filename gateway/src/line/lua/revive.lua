-- Begins a new life of the room in this Redis, under an epoch that the booking core gave: the first one, or the one after a
-- loss. Until it has healed nobody is admitted and no place is shown. Of several workers that saw the loss, each says the
-- same.
--
-- ARGV[1]  epoch
-- ARGV[2]  how long the line gathers, ms
-- ARGV[3]  order numbers given from now on are above this, µs: the clock of another Redis may stand behind that of the one
--          before, and newcomers stand behind every older token all the same
-- ARGV[4]  the room's row in this epoch, JSON; '' leaves the copy that is here: who sees the epoch in it may bring places back
--
-- Returns 1 when it began a life, 0 when this one had begun.

local epoch = tonumber(ARGV[1])
local healMs = tonumber(ARGV[2])
local floor = tonumber(ARGV[3])
local row = ARGV[4]

--- @include "keys"
--- @include "time"
--- @include "life"

local nowMs = math.floor(microsNow() / 1000)
local alive = lifeNow(nowMs)
if alive.epoch > epoch or (not alive.lost and alive.epoch == epoch) then return 0 end
redis.call('HSET', life, 'epoch', whole(epoch), 'run', runNow(), 'healUntilMs', whole(nowMs + healMs),
  'turnsKnown', healMs == 0 and '1' or '0')
if row ~= '' then redis.call('SET', room, row) end
if floor > tonumber(redis.call('GET', last) or '0') then redis.call('SET', last, whole(floor)) end
return 1
