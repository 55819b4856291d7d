import type { Hold } from '@onsale/shared/http/holds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tidy } from '../src/chores/tidy.ts';
import { deskOf } from './desk.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const DAY_MS = 86_400_000;
const TTL_MS = 10_000;
let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 40 }, buyerLimit: 4, holdTtlMs: TTL_MS });
});
afterAll(() => sale.close());

/** What must be the same: the state is told as it is now. */
const same = ({ holdId, tickets, totalMinor, currency }: Hold) => ({ holdId, tickets, totalMinor, currency });

test('[BOOK-7] a key is known for a day and more: a hold that ran out or was released since is the same hold, tidied or not', async () => {
  const [late, gone, other] = [shopper(sale, event), shopper(sale, event), shopper(sale, event, { core: 1 })];
  const { body: lapsed } = await late.hold(2, { key: 'k' });
  const { body: released } = await gone.hold(2, { key: 'k' });
  await gone.release(released.holdId);
  await sale.moveClock(TTL_MS);
  // Somebody has its tickets meanwhile.
  expect((await other.hold(4)).status).toBe(201);

  for (const passesMs of [DAY_MS / 2, DAY_MS / 2 - TTL_MS - 1_000]) {
    await sale.moveClock(passesMs);
    await tidy(sale.database.db);
    const [again, released2] = [await late.hold(2, { key: 'k' }), await gone.hold(2, { key: 'k' })];
    expect([again.status, again.body.state, same(again.body)]).toEqual([201, 'expired', same(lapsed)]);
    expect([released2.body.state, same(released2.body)]).toEqual(['released', same(released)]);
    expect((await late.hold(1, { key: 'k' })).body.code).toBe('idempotencyMismatch');
  }

  // Then it is forgotten, as Stripe forgets: the key makes a new hold.
  await sale.moveClock(TTL_MS + 2_000);
  await tidy(sale.database.db);
  expect((await late.hold(1, { key: 'k' })).body).toMatchObject({ state: 'held' });
});

test('[BOOK-7] [PAY-2] [PAY-12] orders, payments and refunds keep their keys for ever', async () => {
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(2, { key: 'h' });
  const { body: order } = await fan.order(hold.holdId, { key: 'o' });
  expect((await fan.pay(order, { key: 'declined', method: 'sandboxDecline' })).status).toBe(402);
  expect((await fan.pay(order, { key: 'p' })).body.state).toBe('paid');
  const refund = (why = 'a wish') =>
    deskOf(sale)<{ refundedMinor: number }>('POST', `orders/${order.orderId}/refunds`, {
      actor: 'opal',
      key: 'r',
      refund: { tickets: [hold.tickets[0]!.ticketId], why },
    });
  const { body: back } = await refund();

  await sale.moveClock(30 * DAY_MS);
  await tidy(sale.database.db);
  expect((await fan.hold(2, { key: 'h' })).body).toMatchObject({ holdId: hold.holdId, state: 'sold' });
  expect((await fan.order(hold.holdId, { key: 'o' })).body.orderId).toBe(order.orderId);
  expect((await fan.order(hold.holdId, { key: 'o', name: 'Another' })).status).toBe(422);
  expect((await fan.pay(order, { key: 'declined', method: 'sandboxDecline' })).body.code).toBe(
    'paymentDeclined',
  );
  expect((await fan.pay(order, { key: 'p' })).body).toMatchObject({ state: 'partlyRefunded' });
  expect((await refund()).body).toEqual(back);
  expect((await refund('another')).status).toBe(422);
  expect(sale.provider.calls.filter(({ step }) => step === 'charge')).toHaveLength(2);
});

test('[BOOK-7] a refusal is not kept: the same key asks again, and gets what is there now', async () => {
  const small = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 4, holdTtlMs: TTL_MS });
  const [first, second] = [shopper(sale, small), shopper(sale, small)];
  await first.hold(1);
  expect((await second.hold(1, { key: 'k' })).status).toBe(409);
  await sale.moveClock(TTL_MS);
  expect((await second.hold(1, { key: 'k' })).body.state).toBe('held');
});
