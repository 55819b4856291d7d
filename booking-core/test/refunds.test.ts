import { randomUUID } from 'node:crypto';
import type { CancelledEvent, RefundedOrder } from '@onsale/shared/http/refunds';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { openTransaction } from './blocked.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { type Answer, openSale, SERVICE_TOKEN, type Shopper, shopper, type TestSale } from './sale.ts';

const HOUR_MS = 3_600_000;
let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 400, b: 20 }, buyerLimit: 4 });
});
afterAll(() => sale.close());
afterEach(async () => {
  sale.provider.mishaps.length = 0;
  sale.provider.beforeCharge = async () => {};
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

/** As the gateway asks for an operator. */
async function internal<T>(method: string, path: string, body: object, core = 0): Promise<Answer<T>> {
  const response = await sale.cores[core]!.internalApp.request(`/internal/${path}`, {
    method,
    headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ actor: 'opal', requestId: 'request-of-opal', ...body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

interface Asked {
  readonly tickets?: number[];
  readonly key?: string;
  readonly why?: string;
  readonly core?: number;
}
const refund = (orderId: string, { tickets, key = randomUUID(), why = 'a wish', core }: Asked = {}) =>
  internal<RefundedOrder>(
    'POST',
    `orders/${orderId}/refunds`,
    { key, refund: { why, ...(tickets === undefined ? {} : { tickets }) } },
    core,
  );

async function bought(quantity = 3, buyer: Shopper = shopper(sale, event)) {
  const { body: hold } = await buyer.hold(quantity);
  const { body: order } = await buyer.order(hold.holdId);
  expect((await buyer.pay(order)).body.state).toBe('paid');
  return { buyer, hold, order, ids: hold.tickets.map(({ ticketId }) => ticketId) };
}

const auditOf = (orderId: string) =>
  sale.database.db
    .selectFrom('audit')
    .select(['actor', 'action', 'became', 'why', 'request_id'])
    .where('subject', '=', orderId)
    .where('action', 'not in', ['order.created', 'order.paid'])
    .orderBy('id')
    .execute();

describe('an operator gives back', () => {
  test('[PAY-12] some tickets: their price goes back, they are on sale, the others stay valid', async () => {
    const it = await bought(3);
    const { status, body } = await refund(it.order.orderId, { tickets: [it.ids[1]!], key: 'k' });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ state: 'partlyRefunded', totalMinor: 300_00, refundedMinor: 100_00 }),
    ]);
    const rest = [it.ids[0], it.ids[2]];
    expect((await it.buyer.lookOrder(it.order)).body).toMatchObject({ state: 'partlyRefunded' });
    expect((await it.buyer.tickets(it.order)).body.tickets.map(({ ticketId }) => ticketId)).toEqual(rest);
    expect((await it.buyer.look(it.hold.holdId)).body.tickets).toHaveLength(2);
    // Two are left of four: as many more may be held, and not one more.
    expect((await it.buyer.hold(3)).body).toMatchObject({ code: 'buyerLimit', buyerMayTake: 2 });
    expect((await it.buyer.hold(2)).status).toBe(201);

    expect(await auditOf(it.order.orderId)).toEqual([
      {
        actor: 'opal',
        action: 'order.partlyRefunded',
        became: { state: 'partlyRefunded', tickets: [it.ids[1]], refundedMinor: 100_00 },
        why: 'a wish',
        request_id: 'request-of-opal',
      },
    ]);
    expect((await refund(it.order.orderId, { tickets: [it.ids[1]!] })).body.code).toBe('ticketUnknown');
    expect((await refund(it.order.orderId)).body).toMatchObject({ state: 'refunded', refundedMinor: 300_00 });
    expect((await refund(it.order.orderId)).body).toMatchObject({ status: 409, code: 'orderNotPaid' });
    expect((await it.buyer.tickets(it.order)).body.tickets).toEqual([]);
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-12] [BOOK-7] one key gives back once, from two processes at once; of another request it is refused', async () => {
    const it = await bought(2);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        refund(it.order.orderId, { tickets: [it.ids[0]!], key: 'once', core: n % 2 }),
      ),
    );
    expect(answers.map(({ body }) => body.refundedMinor)).toEqual(Array(8).fill(100_00));
    expect((await refund(it.order.orderId, { tickets: [it.ids[1]!], key: 'once' })).body.code).toBe(
      'idempotencyMismatch',
    );
    const many = await Promise.all(Array.from({ length: 6 }, () => refund(it.order.orderId)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-12] [PAY-3] the provider is away: it is decided at once, and carried out later, once', async () => {
    const it = await bought(2);
    sale.provider.mishaps.push('lostBefore');
    expect((await refund(it.order.orderId, { tickets: [it.ids[0]!] })).body.state).toBe('partlyRefunded');
    sale.provider.mishaps.push('lostAfter');
    expect((await refund(it.order.orderId, { tickets: [it.ids[1]!] })).body.state).toBe('refunded');
    expect(await unsettledMoney(sale.database)).not.toEqual([]);
    await Promise.all([
      reconcile(sale.database.db, sale.payments, 0),
      reconcile(sale.database.db, sale.payments, 0),
    ]);
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-12] what was given back is sold again, and its first order never gets it back', async () => {
    const small = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 2 });
    const it = await bought(2, shopper(sale, small));
    await refund(it.order.orderId, { tickets: [it.ids[0]!] });
    const next = await bought(1, shopper(sale, small, { core: 1 }));
    expect(next.ids).toEqual([it.ids[0]]);
    expect((await refund(it.order.orderId, { tickets: [it.ids[0]!] })).body.code).toBe('ticketUnknown');
    expect((await refund(it.order.orderId)).body.state).toBe('refunded');
    expect((await next.buyer.tickets(next.order)).body.tickets).toHaveLength(1);
  });

  test('[PAY-12] what cannot be given back is refused and changes nothing', async () => {
    const it = await bought(1);
    const other = await bought(1);
    const buyer = shopper(sale, event);
    const { body: unpaid } = await buyer.order((await buyer.hold(1)).body.holdId);
    expect((await refund(randomUUID())).body.code).toBe('orderUnknown');
    expect((await refund(unpaid.orderId)).body.code).toBe('orderNotPaid');
    expect((await refund(it.order.orderId, { tickets: [other.ids[0]!] })).body.code).toBe('ticketUnknown');
    for (const tickets of [[], [it.ids[0]!, it.ids[0]!], [0]]) {
      expect((await refund(it.order.orderId, { tickets })).body.code).toBe('malformed');
    }
    expect((await refund(it.order.orderId, { why: '' })).body.code).toBe('malformed');
    expect((await it.buyer.lookOrder(it.order)).body.state).toBe('paid');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });
});

describe('a fan cancels', () => {
  const cancel = ({ buyer, order }: Pick<Awaited<ReturnType<typeof bought>>, 'buyer' | 'order'>) =>
    buyer.send<{ state: string }>('POST', `/api/v1/orders/${order.orderId}/cancellation`, {
      token: order.orderToken,
    });
  const allowUntil = (eventId: string, cancelUntilMs: number | null) =>
    internal('PATCH', `events/${eventId}`, { patch: { cancelUntilMs } });

  test('[PAY-13] as long as the event allows it, by the clock of the holds, and once', async () => {
    const here = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 2 });
    const [early, late] = [await bought(2, shopper(sale, here)), await bought(2, shopper(sale, here))];
    expect((await cancel(early)).body).toMatchObject({ status: 409, code: 'cancellationClosed' });
    expect((await allowUntil(here, Date.now() + HOUR_MS)).status).toBe(204);
    const answers = await Promise.all([cancel(early), cancel(early), cancel(early)]);
    expect(answers.map(({ body }) => body.state)).toEqual(Array(3).fill('cancelled'));
    expect((await early.buyer.tickets(early.order)).body.tickets).toEqual([]);
    expect(await auditOf(early.order.orderId)).toMatchObject([{ actor: 'buyer', action: 'order.cancelled' }]);
    // The limit counts what he has, not what he had.
    expect((await early.buyer.hold(2)).status).toBe(201);

    const inside = await bought(1, shopper(sale, here));
    await sale.database.db
      .insertInto('check_ins')
      .values({ order: inside.order.orderId, ticket: inside.ids[0]!, actor: 'gate' })
      .execute();
    expect((await cancel(inside)).body.code).toBe('cancellationClosed');

    // Somebody is just coming in with one of them: the cancelling waits, and then finds him inside.
    const entering = await bought(1, shopper(sale, here));
    const gate = await openTransaction(sale.url);
    await gate.query(`select check_in($1, $2, $3, 'gate', null)`, [
      here,
      entering.order.orderId,
      entering.ids[0],
    ]);
    const giving = cancel(entering);
    await gate.metBy(giving);
    await gate.commit();
    expect((await giving).body.code).toBe('cancellationClosed');

    await sale.moveClock(HOUR_MS + 1_000);
    expect((await cancel(late)).body.code).toBe('cancellationClosed');
    expect((await cancel(early)).body.state).toBe('cancelled');
    const stranger = { buyer: early.buyer, order: { ...late.order, orderToken: early.order.orderToken } };
    expect((await cancel(stranger)).body.code).toBe('tokenInvalid');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });
});

describe('an event is cancelled', () => {
  const cancelEvent = (eventId: string) =>
    internal<CancelledEvent>('POST', `events/${eventId}/cancellation`, { cancellation: { why: 'a storm' } });

  test('[PAY-14] nothing is sold any more, and every paid order goes back, whoever is killed in between', async () => {
    const here = await sale.putOnSale({ tiers: { a: 30 }, buyerLimit: 4 });
    const orders = await Promise.all(Array.from({ length: 5 }, () => bought(2, shopper(sale, here))));
    await refund(orders[0]!.order.orderId, { tickets: [orders[0]!.ids[0]!] });
    const shopping = shopper(sale, here);
    const { body: hold } = await shopping.hold(1);
    const { body: order } = await shopping.order(hold.holdId);
    const paying = shopper(sale, here);
    const { body: paid } = await paying.order((await paying.hold(2)).body.holdId);
    sale.provider.mishaps.push('lostAfter');
    expect((await paying.pay(paid)).body.state).toBe('pending');

    expect((await cancelEvent(here)).body).toMatchObject({ eventId: here, ordersToRefund: 5 });
    expect((await cancelEvent(here)).body).toMatchObject({ ordersToRefund: 5 });
    expect((await shopping.hold(1)).body.code).toBe('eventCancelled');
    expect((await shopping.order(hold.holdId)).body.code).toBe('eventCancelled');
    expect((await shopping.pay(order)).body.code).toBe('eventCancelled');
    const room = await sale.database.db
      .selectFrom('rooms')
      .select('open')
      .where('event', '=', here)
      .executeTakeFirst();
    expect(room?.open).toBe(false);

    // Money that was on its way when it ended goes back too.
    await reconcile(sale.database.db, sale.payments, 0);
    expect((await paying.lookOrder(paid)).body.state).toBe('refunded');
    sale.provider.mishaps.push('lostBefore', 'lostAfter');
    await Promise.all([1, 2].map(() => refundCancelled(sale.database, sale.payments)));
    expect(await refundCancelled(sale.database, sale.payments)).toBe(0);
    await reconcile(sale.database.db, sale.payments, 0);
    for (const it of orders) {
      expect((await it.buyer.lookOrder(it.order)).body.state).toBe('cancelled');
      expect((await it.buyer.tickets(it.order)).body.tickets).toEqual([]);
    }
    expect(await unsettledMoney(sale.database)).toEqual([]);
    const entries = await sale.database.db
      .selectFrom('audit')
      .select(['actor', 'action', 'why'])
      .where('subject', '=', here)
      .where('action', 'like', 'event.%')
      .execute();
    expect(entries).toEqual([{ actor: 'opal', action: 'event.cancelled', why: 'a storm' }]);
    expect((await cancelEvent('no-such-event')).body.code).toBe('eventUnknown');
  });
});
