-- The keys of a room, in the order of keysOf in shared/src/redis-keys.ts, which says what each holds.
local general, priority, returning = KEYS[1], KEYS[2], KEYS[3]
local away, back, seen = KEYS[4], KEYS[5], KEYS[6]
local life, last = KEYS[7], KEYS[8]
local offers, sessions, turns, batch = KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local room, rate, flow, snapshot, fresh = KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17]
local samples = KEYS[18]
