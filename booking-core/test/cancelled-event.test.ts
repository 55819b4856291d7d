import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelEvent } from '../src/orders/cancel-event.ts';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { openTransaction } from './blocked.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

/** A core keeps what it knows of events for limits.eventMaxAgeMs. Holds, orders and payments ask the database. */
test('[PAY-14] a core that has not heard of a cancellation yet holds nothing more, and takes no money for what was held', async () => {
  const event = await sale.putOnSale({ tiers: { a: 20 }, buyerLimit: 4 });
  const unaware = (buyer = randomUUID() as string) => shopper(sale, event, { buyer, core: 1 });
  const began = unaware();
  const { body: order } = await began.order((await began.hold(1)).body.holdId);
  const paying = unaware();
  const { body: inFlight } = await paying.order((await paying.hold(1)).body.holdId);
  sale.provider.beforeCharge = async () => {
    sale.provider.beforeCharge = async () => {};
    await cancelEvent(sale.database, event, { why: 'rain' }, { actor: 'opal' });
  };
  // Asked for before the cancellation, taken after it: it goes back.
  expect((await paying.pay(inFlight)).body.state).toBe('refunded');

  // One alone, and many judged together; who asks again for what he has had is told the same.
  expect((await unaware().hold(1)).body.code).toBe('eventCancelled');
  const many = await Promise.all(Array.from({ length: 30 }, () => unaware().hold(2)));
  expect(new Set(many.map(({ body }) => body.code))).toEqual(new Set(['eventCancelled']));
  expect(await holdsOf(event)).toBe(2);
  expect((await began.pay(order)).body.code).toBe('eventCancelled');
  await reconcile(sale.database.db, sale.payments, 0);
  await refundCancelled(sale.database, sale.payments);
  expect(await unsettledMoney(sale.database)).toEqual([]);
  expect(await brokenPromises(sale.database)).toEqual({});
  const kept = await sale.database.db
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order')
    .select('payments.id')
    .where('orders.event', '=', event)
    .where('payments.state', '=', 'kept')
    .execute();
  expect(kept).toEqual([]);
});

test.for([1, 30])(
  '[PAY-14] of %i who ask just when the event ends, each was before it and has tickets, or after it and is told so',
  async (asking) => {
    const event = await sale.putOnSale({ tiers: { a: 200 }, buyerLimit: 4 });
    const other = await openTransaction(sale.url);
    await other.query('select lock_event($1)', [event]);
    const before = shopper(sale, event, { core: 1 }).hold(1);
    await other.metBy(before);
    const cancelling = cancelEvent(sale.database, event, { why: 'rain' }, { actor: 'opal' });
    await other.waitedForBy(2);
    const after = Array.from({ length: asking }, () => shopper(sale, event, { core: 1 }).hold(1));
    await other.waitedForBy(3);
    await other.commit();
    await cancelling;
    expect((await before).status).toBe(201);
    for (const { body } of await Promise.all(after)) expect(body.code).toBe('eventCancelled');
    expect(await holdsOf(event)).toBe(1);
  },
);

const holdsOf = async (event: string): Promise<number> =>
  (await sale.database.db.selectFrom('holds').select('id').where('event', '=', event).execute()).length;
