import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { freshRedis } from '../../test/redis.ts';
import { faultsOf } from '../bench/claims/faults.ts';
import { rush } from '../bench/claims/rush.ts';
import { bareInsert } from './bare-insert.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { pools } from './pools.ts';
import { poolsBest } from './pools-best.ts';
import { queueAndPoll } from './queue-and-poll.ts';
import { redisCounter } from './redis-counter.ts';
import { redisLock } from './redis-lock.ts';
import { rowLock } from './row-lock.ts';
import { rowLockBest } from './row-lock-best.ts';
import { seatCompareAndSet } from './seat-compare-and-set.ts';
import type { Sale, Shop, Strategy } from './strategy.ts';

/** Two pools, the second a part of one; an odd number, so that the last hold is a single ticket. */
const sale: Sale = { capacity: 1_201, buyerLimit: 2 };

async function opened(strategy: Strategy, use: (shop: Shop) => Promise<void>): Promise<void> {
  const database = await freshDatabase();
  try {
    const shop = await strategy.open(database.url, sale, freshRedis().url);
    await use(shop).finally(() => shop.close());
  } finally {
    await database.drop();
  }
}

const strategies = [
  rowLock,
  rowLockBest,
  conditionalUpdate,
  pools,
  poolsBest,
  seatCompareAndSet,
  redisLock,
  redisCounter,
  queueAndPoll,
];

describe.for(strategies)('$name', (strategy) => {
  test('sells exactly its stock to more buyers than there are tickets, limits and repeats kept', async () => {
    await opened(strategy, async (shop) => {
      const told = await rush(shop, sale, {
        buyers: 400,
        windowMs: Number.POSITIVE_INFINITY,
        boundMs: 30_000,
        seed: 7,
      });
      const books = await shop.books();
      expect(faultsOf(books, sale, told)).toEqual([]);
      expect(told.soldOut).toBe(true);
      expect(books).toMatchObject({ held: sale.capacity, left: 0 });
    });
  });

  test('one buyer many times at once gets no more than the limit; a repeat is the same hold', async () => {
    await opened(strategy, async (shop) => {
      const buyer = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 60 }, () => shop.claim({ buyer, key: randomUUID(), quantity: 1 })),
      );
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(sale.buyerLimit);
      const ask = { buyer: randomUUID(), key: randomUUID(), quantity: 2 };
      expect(await shop.claim(ask)).toBe('held');
      expect(await shop.claim(ask)).toBe('held');
      expect(await shop.books()).toMatchObject({ holds: 3, held: 4, left: sale.capacity - 4, overLimit: 0 });
    });
  });
});

test('the bare insert writes what it says it wrote', async () => {
  const database = await freshDatabase();
  try {
    expect(await bareInsert(database.url, { rows: 2_000, buyers: 1_000 })).toBeGreaterThan(0);
  } finally {
    await database.drop();
  }
});

test('faults are found: oversold, limit, told and written, sold out too early', () => {
  const told = {
    holdsPerSecond: undefined,
    lastPartMs: 0,
    holds: 2,
    tickets: 3,
    soldOut: false,
    wrongAnswers: 0,
  };
  const books = { holds: 2, held: 3, left: 1_198, heldTwice: 0, overLimit: 0 };
  expect(faultsOf(books, sale, told)).toEqual([]);
  for (const broken of [
    { held: 1_202, left: -1 },
    { left: 1_197 },
    { heldTwice: 1 },
    { overLimit: 1 },
    { holds: 3 },
  ]) {
    expect(faultsOf({ ...books, ...broken }, sale, told)).not.toEqual([]);
  }
  expect(faultsOf(books, sale, { ...told, soldOut: true })).not.toEqual([]);
  expect(faultsOf(books, sale, { ...told, wrongAnswers: 1 })).not.toEqual([]);
});
