import { uuidOf } from '@onsale/shared/ids';
import { BOOKINGS, BUYERS, booksOf, bookWithin, connect, isBooked } from './bookings.ts';
import { seatMap } from './seat-map.ts';
import type { Answer, Strategy } from './strategy.ts';
import { transaction } from './transaction.ts';

const SEATS = (capacity: number): string => `
  CREATE TABLE seat (
    id integer PRIMARY KEY,
    status text NOT NULL DEFAULT 'AVAILABLE',
    booking uuid,
    locked_at timestamptz
  ) WITH (fillfactor = 60);
  INSERT INTO seat (id) SELECT generate_series(1, ${capacity});
`;

/** Locks expire after two minutes, but only when the job comes by. */
const FREE_EXPIRED = `
  WITH freed AS (
    UPDATE seat SET status = 'AVAILABLE', booking = NULL
    WHERE status = 'LOCKED' AND locked_at < now() - interval '2 minutes' RETURNING booking),
  gone AS (DELETE FROM booking WHERE id IN (SELECT booking FROM freed) RETURNING buyer, quantity)
  UPDATE buyer SET quantity = buyer.quantity - mine.quantity
  FROM (SELECT buyer, sum(quantity)::integer AS quantity FROM gone GROUP BY buyer) AS mine WHERE buyer.id = mine.buyer`;
const CRON_EVERY_MS = 60_000;

/**
 * Seat compare-and-set: the buyer picks seats from a cached seat map, and they change from AVAILABLE to LOCKED in one
 * `UPDATE … WHERE id = ANY AND status = 'AVAILABLE'`, all of them or none; limit and booking in the same transaction,
 * four round trips. No hot row: buyers of different seats meet nowhere.
 * Its limits: a commit for every buyer; a stale map sends buyers to seats that are gone; and a cron job frees seats, so
 * that one which stopped ends the sale of whatever is locked.
 */
export const seatCompareAndSet: Strategy = {
  name: 'seat compare-and-set',
  database: 'empty',
  async open(databaseUrl, sale) {
    const pool = await connect(databaseUrl, `${BOOKINGS} ${BUYERS} ${SEATS(sale.capacity)} ANALYZE seat;`);
    const free = async (): Promise<number[]> => {
      const { rows } = await pool.query<[number]>({
        text: `SELECT id FROM seat WHERE status = 'AVAILABLE'`,
        rowMode: 'array',
      });
      return rows.map(([id]) => id);
    };
    const map = seatMap(free);
    await pool.query(FREE_EXPIRED);
    const cron = setInterval(() => void pool.query(FREE_EXPIRED).catch(() => {}), CRON_EVERY_MS);
    return {
      async claim({ buyer, key, quantity }) {
        const id = uuidOf('hold', buyer, key);
        const answer = await map.take(quantity, (seats) =>
          transaction<Answer | 'lost'>(pool, async (client) => {
            const locked = await client.query({
              name: 'lock',
              text: `UPDATE seat SET status = 'LOCKED', booking = $1, locked_at = now()
                     WHERE id = ANY($2) AND status = 'AVAILABLE'`,
              values: [id, seats],
            });
            if (locked.rowCount !== quantity) return { commit: false, answer: 'lost' };
            if (await bookWithin(client, [id, buyer, quantity], sale.buyerLimit))
              return { commit: true, answer: 'held' };
            return { commit: false, answer: (await isBooked(client, id)) ? 'held' : 'overLimit' };
          }),
        );
        if (answer !== undefined) return answer;
        return (await isBooked(pool, id)) ? 'held' : 'notEnough';
      },
      books: () => booksOf(pool, sale, `SELECT count(*) FROM seat WHERE status = 'AVAILABLE'`),
      close: async () => {
        clearInterval(cron);
        await pool.end();
      },
    };
  },
};
