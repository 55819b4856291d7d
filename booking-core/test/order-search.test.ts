import { randomUUID } from 'node:crypto';
import type {
  FoundOrder,
  FoundOrders,
  OperatorOrder,
  OrderSearch,
} from '@onsale/shared/http/operator-orders';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deskOf } from './desk.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());

const olga = { actor: 'olga', requestId: 'request-7' };
const search = (asked: OrderSearch) =>
  deskOf(sale)<FoundOrders>('POST', 'order-searches', { ...olga, search: asked });
const ids = (orders: readonly FoundOrder[]) => orders.map(({ orderId }) => orderId);

async function buy(event: string, quantity = 1, pay = true) {
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(quantity);
  const { body: order } = await fan.order(hold.holdId);
  if (pay) await fan.pay(order);
  return order;
}
/** The test's buyers all have one address: each test gives its own a new one. */
async function rename(event: string, email: string): Promise<void> {
  await sql`update orders set buyer_email = ${email} where event = ${event}`.execute(sale.database.db);
}
async function looks(): Promise<unknown[]> {
  const { rows } = await sql`select actor, action, became, request_id from audit where subject = 'looks'
    order by id`.execute(sale.database.db);
  return rows;
}

test('[BOOK-42] [BOOK-13] orders are found by id, address and ticket, and who looked at whose is in the audit without the address', async () => {
  const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 2 });
  const [first, second] = [await buy(event, 2), await buy(event, 1, false)];
  await rename(event, 'One.Fan@Example.org');
  const before = (await looks()).length;

  const { body: byId } = await search({ orderId: second.orderId });
  expect(byId).toMatchObject({ cursor: null, orders: [{ state: 'pending', comp: false, quantity: 1 }] });
  expect(ids((await search({ email: 'one.fan@EXAMPLE.org' })).body.orders)).toEqual([
    second.orderId,
    first.orderId,
  ]);
  // Exactly the address: neither a part of it, nor a pattern.
  for (const email of ['fan@example.org', 'one_fan@example.org', 'one.fa_@example.org']) {
    expect((await search({ email })).body.orders).toEqual([]);
  }
  const ticketId = first.tickets[0]!.ticketId;
  expect(ids((await search({ ticketId })).body.orders)).toEqual([first.orderId]);
  // It is found also after it was given back and sold again.
  await deskOf(sale)('POST', `orders/${first.orderId}/refunds`, {
    ...olga,
    key: 'back',
    refund: { tickets: [ticketId], why: 'a wish' },
  });
  const third = await buy(event);
  expect(third.tickets[0]!.ticketId).toBe(ticketId);
  expect(ids((await search({ ticketId })).body.orders)).toEqual([third.orderId, first.orderId]);
  expect((await search({ orderId: randomUUID() })).body).toEqual({ orders: [], cursor: null });
  expect((await search({ orderId: first.orderId, email: 'x@y.org' } as OrderSearch)).body.code).toBe(
    'malformed',
  );

  const written = await looks();
  expect(written.slice(before, before + 2)).toEqual([
    {
      actor: 'olga',
      action: 'orders.seen',
      became: { by: 'order', orders: [second.orderId] },
      request_id: 'request-7',
    },
    {
      actor: 'olga',
      action: 'orders.seen',
      became: { by: 'email', orders: [second.orderId, first.orderId] },
      request_id: 'request-7',
    },
  ]);
  expect(written).toHaveLength(before + 8);
  expect(JSON.stringify(written)).not.toMatch(/example/i);
});

test('[BOOK-42] many orders come page by page, each once, newest first', async () => {
  const event = await sale.putOnSale({ tiers: { a: 60 }, buyerLimit: 60 });
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(1);
  const made: string[] = [];
  for (let n = 0; n < limits.deskPageMax + 5; n++) made.push((await fan.order(hold.holdId)).body.orderId);
  await rename(event, 'many@example.org');
  // Some at the very same moment: the id decides between them.
  await sql`update orders set created_at = (select max(created_at) from orders where event = ${event})
    where id in (select id from orders where event = ${event} order by created_at limit 7)`.execute(
    sale.database.db,
  );
  const email = 'many@example.org';
  const { body: page } = await search({ email });
  expect(page.orders).toHaveLength(limits.deskPageMax);
  const { body: rest } = await search({ email, cursor: page.cursor! });
  expect(rest.cursor).toBeNull();
  const all = [...page.orders, ...rest.orders];
  expect(ids(all).sort()).toEqual([...made].sort());
  const times = all.map(({ createdAtMs }) => createdAtMs);
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

test('[BOOK-43] one order whole: tickets, money both ways, who came in, its mails and its audit', async () => {
  const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
  const order = await buy(event, 3);
  const [one, two, three] = order.tickets.map(({ ticketId }) => ticketId).sort((a, b) => a - b) as [
    number,
    number,
    number,
  ];
  await deskOf(sale)('POST', 'check-ins', {
    ...olga,
    code: signToken(sale.ring, 'ticket', { event, order: order.orderId, ticket: two }),
  });
  await deskOf(sale)('POST', `orders/${order.orderId}/refunds`, {
    ...olga,
    key: 'some',
    refund: { tickets: [one], why: 'a wish' },
  });
  const look = () => deskOf(sale)<OperatorOrder>('POST', `orders/${order.orderId}/looks`, olga);
  const { body: whole } = await look();
  expect(whole).toMatchObject({
    eventId: event,
    holdId: order.holdId,
    state: 'partlyRefunded',
    comp: false,
    quantity: 2,
    totalMinor: 300_00,
    refundedMinor: 100_00,
    payments: [{ provider: 'sandbox', amountMinor: 300_00, state: 'kept' }],
    refunds: [{ amountMinor: 100_00, why: 'a wish', doneAtMs: expect.any(Number) }],
    mails: [{ kind: 'orderPaid' }, { kind: 'refunded' }],
  });
  expect(
    whole.lines.map(({ ticketId, live, checkedInAtMs }) => [ticketId, live, checkedInAtMs !== null]),
  ).toEqual([
    [one, false, false],
    [two, true, true],
    [three, true, false],
  ]);
  const actions = ['order.created', 'order.paid', 'ticket.checkedIn', 'order.partlyRefunded'];
  expect(whole.trail.map(({ action }) => action)).toEqual(actions);
  // Looking does not lengthen it.
  expect((await look()).body.trail).toHaveLength(actions.length);
  expect((await deskOf(sale)('POST', `orders/${randomUUID()}/looks`, olga)).body.code).toBe('orderUnknown');
  expect(sale.faults).toEqual([]);
});
