import { setTimeout as delay } from 'node:timers/promises';
import { uuidOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { Queue, Worker } from 'bullmq';
import { booksOf, claimInOneTrip } from './bookings.ts';
import { connectConditionalUpdate } from './conditional-update.ts';
import { redisSpace } from './redis.ts';
import type { Answer, Strategy } from './strategy.ts';

const QUEUE = 'bookings';
/** How often a buyer asks what became of his booking. */
const POLL_MS = 100;

interface Booking {
  readonly buyer: string;
  readonly quantity: number;
}

/**
 * Queue and poll, for flash sales: the request makes a BullMQ job and is answered at once with its id; workers take one
 * booking after the other and run it (here as the conditional update, in one trip); the buyer asks until he knows.
 * The job's id is made from buyer and Idempotency-Key, so asking twice is one job.
 * Its limits: a dozen Redis commands for every booking before the database is asked; the answer comes a poll later than
 * it is known; every waiting buyer costs requests; jobs run at least once, so they must be safe to repeat.
 */
export const queueAndPoll: Strategy = {
  name: 'queue and poll',
  database: 'empty',
  async open(databaseUrl, sale, redisUrl) {
    const { redis, prefix, another, close } = redisSpace(redisUrl, databaseUrl);
    const pool = await connectConditionalUpdate(databaseUrl, sale);
    const queue = new Queue<Booking, Answer>(QUEUE, { connection: redis, prefix });
    const worker = new Worker<Booking, Answer>(
      QUEUE,
      ({ id, data: { buyer, quantity } }) => claimInOneTrip(pool, [id!, buyer, quantity]),
      { connection: another(), prefix, concurrency: limits.coreConnectionsMax },
    );
    queue.on('error', () => {});
    worker.on('error', () => {});
    await worker.waitUntilReady();

    const answerOf = async (id: string): Promise<Answer> => {
      for (;;) {
        await delay(POLL_MS);
        const [answer, fault] = await redis.hmget(queue.toKey(id), 'returnvalue', 'failedReason');
        if (answer) return JSON.parse(answer) as Answer;
        if (fault) throw new Error(`The booking failed: ${fault}`);
      }
    };
    return {
      async claim({ buyer, key, quantity }) {
        const id = uuidOf('hold', buyer, key);
        await queue.add('book', { buyer, quantity }, { jobId: id });
        return answerOf(id);
      },
      books: () => booksOf(pool, sale, 'SELECT remaining FROM event'),
      async close() {
        await worker.close();
        await queue.close();
        await close();
        await pool.end();
      },
    };
  },
};
