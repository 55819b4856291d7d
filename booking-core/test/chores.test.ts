import { chores } from '@onsale/shared/jobs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshRedis } from '../../test/redis.ts';
import { until } from '../../test/until.ts';
import { choreQueue, choreWorker, scheduleChores } from '../src/chores/queue.ts';
import { tidy } from '../src/chores/tidy.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const DAY_MS = 86_400_000;
let sale: TestSale;
const keys = freshRedis();
const redis = new Redis(keys.url, { maxRetriesPerRequest: null });
beforeAll(async () => {
  sale = await openSale();
});
afterAll(async () => {
  redis.disconnect();
  await keys.wipe();
  await sale.close();
});

test('[PAY-4] a worker settles what was lost, and schedulers that a wiped Redis took along come back', async () => {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  const queue = choreQueue(redis, keys.prefix);
  const worker = choreWorker(
    redis,
    keys.prefix,
    {
      reconcile: () => reconcile(sale.database.db, sale.payments, 0),
      lapse: async () => {},
      cancel: async () => {},
      sandbox: async () => {},
      mail: async () => {},
      tidy: async () => {},
    },
    () => {},
  );
  const lostThenFound = async (): Promise<void> => {
    const buyer = shopper(sale, event);
    const { body: hold } = await buyer.hold(1);
    const { body: order } = await buyer.order(hold.holdId);
    sale.provider.mishaps.push('lostAfter');
    expect((await buyer.pay(order)).body.state).toBe('pending');
    await until(async () => (await buyer.lookOrder(order)).body.state === 'paid', {
      what: 'the worker to settle the payment',
    });
  };
  try {
    expect(await scheduleChores(queue)).toEqual(chores);
    expect(await scheduleChores(queue)).toEqual([]);
    await lostThenFound();
    await keys.wipe();
    expect(await scheduleChores(queue)).toEqual(chores);
    await lostThenFound();
    expect(await unsettledMoney(sale.database)).toEqual([]);
  } finally {
    await worker.close();
    await queue.close();
  }
});

test('[BOOK-3] tidying takes away old holds that nobody ordered, and changes nothing else', async () => {
  const event = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 4, holdTtlMs: 10_000 });
  const [ann, ben, cy] = [shopper(sale, event), shopper(sale, event), shopper(sale, event)];
  const { body: forgotten } = await ann.hold(1);
  const { body: ordered } = await ben.hold(1);
  await ben.order(ordered.holdId);
  const { body: sold } = await cy.hold(1);
  expect((await cy.pay((await cy.order(sold.holdId)).body)).body.state).toBe('paid');

  await sale.moveClock(DAY_MS);
  const { body: live } = await ann.hold(1);
  expect(await tidy(sale.database.db)).toBe(0);
  await sale.moveClock(9_000);
  expect(await tidy(sale.database.db, DAY_MS - 2_000)).toBe(1);
  expect((await ann.look(forgotten.holdId)).body.code).toBe('holdUnknown');
  expect((await ben.look(ordered.holdId)).body.state).toBe('expired');
  expect((await cy.look(sold.holdId)).body.state).toBe('sold');
  expect((await ann.look(live.holdId)).body.state).toBe('held');
  expect(await brokenPromises(sale.database)).toEqual({});
});
