import { uuidOf } from '@onsale/shared/ids';
import type pg from 'pg';
import { BOOKINGS, BUYERS, booksOf, bookWithin, connect, isBooked } from './bookings.ts';
import type { Strategy } from './strategy.ts';
import { transaction } from './transaction.ts';

/** Tickets of one pool, as the design says. */
export const POOL_SIZE = 1_000;

/** A row a pool, far apart, so that pools do not share a page more than they must. */
export const POOLS = (capacity: number): string => `
  CREATE TABLE pool (id integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10);
  INSERT INTO pool SELECT n, least(${POOL_SIZE}, ${capacity} - n * ${POOL_SIZE})
    FROM generate_series(0, ${Math.ceil(capacity / POOL_SIZE) - 1}) AS n;
`;

/**
 * Pools, as the design describes them: the stock in pools of 1,000, a random pool's counter is lowered if it can be,
 * another one is tried if not; then the limit and the booking; one transaction, four round trips when the first pool has enough.
 * Its limits: near the end a buyer tries pool after pool, one round trip each; a hold cannot span pools, so two single tickets in
 * two pools cannot go to one buyer at once; no seats; counters do not expire by themselves.
 */
export const pools: Strategy = {
  name: 'pools',
  database: 'empty',
  async open(databaseUrl, sale) {
    const pool = await connect(databaseUrl, `${BOOKINGS} ${BUYERS} ${POOLS(sale.capacity)}`);
    return {
      claim: ({ buyer, key, quantity }) =>
        transaction(pool, async (client) => {
          const id = uuidOf('hold', buyer, key);
          if (!(await takeFromAny(client, sale.capacity, quantity))) {
            return { commit: false, answer: (await isBooked(client, id)) ? 'held' : 'notEnough' };
          }
          if (await bookWithin(client, [id, buyer, quantity], sale.buyerLimit))
            return { commit: true, answer: 'held' };
          return { commit: false, answer: (await isBooked(client, id)) ? 'held' : 'overLimit' };
        }),
      books: () => booksOf(pool, sale, 'SELECT sum(remaining) FROM pool'),
      close: () => pool.end(),
    };
  },
};

/** A random pool, then another, each at most once. */
async function takeFromAny(client: pg.PoolClient, capacity: number, quantity: number): Promise<boolean> {
  const untried = Array.from({ length: Math.ceil(capacity / POOL_SIZE) }, (_, id) => id);
  while (untried.length > 0) {
    const at = Math.floor(Math.random() * untried.length);
    const id = untried[at]!;
    untried[at] = untried.at(-1)!;
    untried.pop();
    const taken = await client.query({
      name: 'take',
      text: 'UPDATE pool SET remaining = remaining - $2 WHERE id = $1 AND remaining >= $2',
      values: [id, quantity],
    });
    if (taken.rowCount === 1) return true;
  }
  return false;
}
