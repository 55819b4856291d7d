import { uuidOf } from '@onsale/shared/ids';
import { BOOKINGS, BOOKINGS_OF_BUYER, booksOf, connect } from './bookings.ts';
import type { Strategy } from './strategy.ts';
import { transaction } from './transaction.ts';

/**
 * Row lock, as it is usually written: `SELECT … FOR UPDATE` on the event, then the limit, then the booking, in one
 * transaction of five round trips (four while the lock is held).
 * Its limits: one buyer at a time per event; the lock is held through three trips and the commit's fsync; no seats, no expiry.
 */
export const rowLock: Strategy = {
  name: 'row lock',
  database: 'empty',
  async open(databaseUrl, sale) {
    const pool = await connect(
      databaseUrl,
      `${BOOKINGS} ${BOOKINGS_OF_BUYER}
       CREATE TABLE event (id integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10);
       INSERT INTO event VALUES (1, ${sale.capacity});`,
    );
    return {
      claim: ({ buyer, key, quantity }) =>
        transaction(pool, async (client) => {
          const id = uuidOf('hold', buyer, key);
          const event = await client.query<{ remaining: number }>({
            name: 'lock',
            text: 'SELECT remaining FROM event WHERE id = 1 FOR UPDATE',
          });
          const mine = await client.query<{ quantity: number; repeated: boolean }>({
            name: 'limit',
            text: `SELECT coalesce(sum(quantity), 0)::int AS quantity, coalesce(bool_or(id = $2), false) AS repeated
                   FROM booking WHERE buyer = $1`,
            values: [buyer, id],
          });
          if (mine.rows[0]!.repeated) return { commit: false, answer: 'held' };
          if (mine.rows[0]!.quantity + quantity > sale.buyerLimit) {
            return { commit: false, answer: 'overLimit' };
          }
          if (event.rows[0]!.remaining < quantity) return { commit: false, answer: 'notEnough' };
          await client.query({
            name: 'book',
            text: `WITH taken AS (UPDATE event SET remaining = remaining - $3 WHERE id = 1)
                   INSERT INTO booking (id, buyer, quantity) VALUES ($1, $2, $3)`,
            values: [id, buyer, quantity],
          });
          return { commit: true, answer: 'held' };
        }),
      books: () => booksOf(pool, sale, 'SELECT remaining FROM event'),
      close: () => pool.end(),
    };
  },
};
