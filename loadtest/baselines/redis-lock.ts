import { uuidOf } from '@onsale/shared/ids';
import { BOOKINGS, BUYERS, booksOf, bookWithin, connect, isBooked } from './bookings.ts';
import { redisSpace } from './redis.ts';
import { seatMap } from './seat-map.ts';
import type { Strategy } from './strategy.ts';
import { transaction } from './transaction.ts';

const LOCK_TTL_MS = 120_000;

/**
 * Redis lock with TTL plus database: each seat is locked by `SET NX PX` (all or none; what was got is given back), then
 * limit, booking and seats are written in one transaction of four round trips.
 * Its limits: two systems that nothing keeps together. A process that dies between them leaves seats locked that nobody
 * has, until the TTL; a lock that lapses while its owner is slow protects nothing, so the database must check again (here
 * it does: `booking IS NULL`); and a Redis that is lost, or fails over, forgets the locks.
 */
export const redisLock: Strategy = {
  name: 'redis lock',
  database: 'empty',
  async open(databaseUrl, sale, redisUrl) {
    const { redis, prefix, close } = redisSpace(redisUrl, databaseUrl);
    const pool = await connect(
      databaseUrl,
      `${BOOKINGS} ${BUYERS}
       CREATE TABLE seat (id integer PRIMARY KEY, booking uuid) WITH (fillfactor = 60);
       INSERT INTO seat SELECT generate_series(1, ${sale.capacity}); ANALYZE seat;`,
    );
    const lockOf = (seat: number): string => `${prefix}:seat:${seat}`;
    const map = seatMap(async () => {
      const { rows } = await pool.query<[number]>({
        text: 'SELECT id FROM seat WHERE booking IS NULL',
        rowMode: 'array',
      });
      return rows.map(([id]) => id);
    });

    /** All of them, or none. */
    const lock = async (seats: readonly number[], owner: string): Promise<boolean> => {
      const answers = await Promise.all(
        seats.map((seat) => redis.set(lockOf(seat), owner, 'PX', LOCK_TTL_MS, 'NX')),
      );
      const got = seats.filter((_, at) => answers[at] === 'OK');
      if (got.length < seats.length) await unlock(got);
      return got.length === seats.length;
    };
    const unlock = async (seats: readonly number[]): Promise<void> => {
      if (seats.length > 0) await redis.unlink(...seats.map(lockOf));
    };

    return {
      async claim({ buyer, key, quantity }) {
        const id = uuidOf('hold', buyer, key);
        const answer = await map.take(quantity, async (seats) => {
          if (!(await lock(seats, id))) return 'lost';
          const written = await transaction(pool, async (client) => {
            if (!(await bookWithin(client, [id, buyer, quantity], sale.buyerLimit))) {
              return { commit: false, answer: (await isBooked(client, id)) ? 'held' : 'overLimit' } as const;
            }
            const seated = await client.query({
              name: 'seat',
              text: 'UPDATE seat SET booking = $1 WHERE id = ANY($2) AND booking IS NULL',
              values: [id, seats],
            });
            if (seated.rowCount !== quantity) return { commit: false, answer: 'lost' } as const;
            return { commit: true, answer: 'new' } as const;
          });
          if (written === 'new') return 'held';
          await unlock(seats);
          return written;
        });
        if (answer !== undefined) return answer;
        return (await isBooked(pool, id)) ? 'held' : 'notEnough';
      },
      books: () => booksOf(pool, sale, 'SELECT count(*) FROM seat WHERE booking IS NULL'),
      close: async () => {
        await close();
        await pool.end();
      },
    };
  },
};
