import { setTimeout as delay } from 'node:timers/promises';
import { uuidOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import { BOOKINGS, booksOf, connect } from './bookings.ts';
import { redisSpace } from './redis.ts';
import type { Answer, Strategy } from './strategy.ts';

/**
 * KEYS stock (a number), buyers (hash: buyer → tickets), booked (set of ids), written (list: what Postgres is still to be
 * told). ARGV id, buyer, quantity, limit. Returns the answer.
 */
const CLAIM = `
  local stock, buyers, booked, unwritten = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local id, buyer, quantity, limit = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
  if redis.call('SISMEMBER', booked, id) == 1 then return 'held' end
  if tonumber(redis.call('HGET', buyers, buyer) or '0') + quantity > limit then return 'overLimit' end
  if tonumber(redis.call('GET', stock)) < quantity then return 'notEnough' end
  redis.call('DECRBY', stock, quantity)
  redis.call('HINCRBY', buyers, buyer, quantity)
  redis.call('SADD', booked, id)
  redis.call('RPUSH', unwritten, id .. ' ' .. buyer .. ' ' .. quantity)
  return 'held'`;

type Claiming = Redis & { claim(...args: Array<string | number>): Promise<Answer> };

/** How long the writer rests when there was nothing to write. */
const REST_MS = 10;

/**
 * Redis counter with asynchronous write-behind: one Lua script judges limit, repeat and stock and answers the buyer; a
 * writer takes what was sold from a list and inserts it into Postgres, hundreds at a time, later.
 * Its limits: "held" is said before it is on any disk. What the writer took from the list dies with it; a Redis that dies
 * takes along the last second (appendfsync everysec) or, failing over, whatever its replica had not heard. Nothing
 * in it says which seat, and counters do not expire by themselves.
 */
export const redisCounter: Strategy = {
  name: 'redis counter',
  database: 'empty',
  async open(databaseUrl, sale, redisUrl) {
    const { redis, prefix, close } = redisSpace(redisUrl, databaseUrl);
    const pool = await connect(databaseUrl, BOOKINGS);
    const keys = ['stock', 'buyers', 'booked', 'unwritten'].map((name) => `${prefix}:${name}`);
    const [stock, , , unwritten] = keys as [string, string, string, string];
    await redis.set(stock, sale.capacity, 'NX');
    redis.defineCommand('claim', { lua: CLAIM, numberOfKeys: keys.length });
    const writer = writeBehind(redis, unwritten, pool);
    return {
      claim: ({ buyer, key, quantity }) =>
        (redis as Claiming).claim(...keys, uuidOf('hold', buyer, key), buyer, quantity, sale.buyerLimit),
      async books() {
        await writer.written();
        return booksOf(pool, sale, String(await redis.get(stock)));
      },
      async close() {
        await writer.stop();
        await close();
        await pool.end();
      },
    };
  },
};

function writeBehind(redis: Redis, list: string, pool: pg.Pool) {
  let stopped = false;
  const writeSome = async (): Promise<number> => {
    const lines = (await redis.lpop(list, limits.claimBatchMaxHolds)) ?? [];
    if (lines.length === 0) return 0;
    // A process that dies here has taken what nobody else knows.
    const rows = lines.map((line) => line.split(' '));
    await pool.query({
      name: 'write',
      text: 'INSERT INTO booking (id, buyer, quantity) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[])',
      values: [0, 1, 2].map((column) => rows.map((row) => row[column])),
    });
    return lines.length;
  };
  const work = async (): Promise<void> => {
    while (!stopped) if ((await writeSome()) === 0) await delay(REST_MS);
  };
  const working = work();
  return {
    /** Resolves when all that was sold until now is in Postgres. Nobody may be selling any more. */
    async written(): Promise<void> {
      stopped = true;
      await working;
      while ((await writeSome()) > 0);
    },
    async stop(): Promise<void> {
      stopped = true;
      await working;
    },
  };
}
