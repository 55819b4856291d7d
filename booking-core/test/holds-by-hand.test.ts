import { randomUUID } from 'node:crypto';
import type { OperatorHolds } from '@onsale/shared/http/operator-holds';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deskOf } from './desk.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { type Answer, openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

async function find(
  eventId: string,
  by: Record<string, string | number> = {},
): Promise<Answer<OperatorHolds>> {
  const asked = new URLSearchParams({ eventId, ...by } as Record<string, string>);
  const response = await sale.cores[0]!.internalApp.request(`/internal/holds?${asked}`, {
    headers: { authorization: `Bearer ${SERVICE_TOKEN}` },
  });
  return { status: response.status, body: (await response.json()) as Answer<OperatorHolds>['body'] };
}
const release = (holdId: string, core = 0) =>
  deskOf(sale)(
    'DELETE',
    `holds/${holdId}`,
    { actor: 'olga', requestId: 'request-5', why: 'a fan wrote' },
    core,
  );
const found = ({ body }: Answer<OperatorHolds>) => body.holds.map(({ holdId }) => holdId);

test('[BOOK-40] holds are found by id, buyer, ticket, or all that live, page by page, without a name', async () => {
  const event = await sale.putOnSale({ tiers: { a: 60 }, buyerLimit: 4 });
  const other = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 2 });
  const fan = shopper(sale, event);
  const { body: gone } = await fan.hold(1);
  await fan.release(gone.holdId);
  const { body: hold } = await fan.hold(2);
  const { body: order } = await fan.order(hold.holdId, { name: 'Somebody Secret' });
  const { body: elsewhere } = await shopper(sale, other).hold(1);

  const { body } = await find(event, { holdId: hold.holdId });
  expect(body.holds).toMatchObject([
    {
      holdId: hold.holdId,
      eventId: event,
      state: 'held',
      buyer: fan.buyer,
      expiresAtMs: hold.expiresAtMs,
      tickets: hold.tickets,
      orders: [{ orderId: order.orderId, state: 'pending' }],
    },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/Secret|@/);
  expect(found(await find(event, { buyer: fan.buyer }))).toEqual([hold.holdId, gone.holdId]);
  expect(found(await find(event, { ticketId: hold.tickets[1]!.ticketId }))).toEqual([hold.holdId]);
  expect(found(await find(event, { holdId: elsewhere.holdId }))).toEqual([]);
  expect(found(await find(event, { ticketId: elsewhere.tickets[0]!.ticketId }))).toEqual([]);

  const more: string[] = [];
  for (let n = 0; n <= limits.deskPageMax; n++) more.push((await shopper(sale, event).hold(1)).body.holdId);
  const page = await find(event);
  expect(page.body.holds).toHaveLength(limits.deskPageMax);
  const rest = await find(event, { cursor: page.body.cursor! });
  expect(rest.body.cursor).toBeNull();
  expect([...found(page), ...found(rest)].sort()).toEqual([hold.holdId, ...more].sort());

  await sale.moveClock(600_001);
  expect(found(await find(event))).toEqual([]);
  expect((await find(event, { holdId: hold.holdId })).body.holds).toMatchObject([
    { state: 'expired', orders: [{ state: 'expired' }] },
  ]);
  expect((await find('nothing')).body.code).toBe('eventUnknown');
  expect((await find(event, { holdId: hold.holdId, buyer: fan.buyer })).body.code).toBe('malformed');
  expect((await find(event, { ticketId: '1e99' })).body.code).toBe('malformed');
});

test('[BOOK-41] [BOOK-10] [BOOK-13] a hold is released by hand as by its fan; a sold one is not; who and why are in the audit', async () => {
  const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(3);
  const answers = await Promise.all([0, 1, 0].map((core) => release(hold.holdId, core)));
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([200, { eventId: event }]));
  expect((await fan.look(hold.holdId)).body.state).toBe('released');
  const { rows } = await sql`select actor, action, became, why, request_id from audit
    where subject = ${hold.holdId}`.execute(sale.database.db);
  expect(rows).toEqual([
    {
      actor: 'olga',
      action: 'hold.released',
      became: { state: 'released', event, tickets: hold.tickets.map(({ ticketId }) => ticketId) },
      why: 'a fan wrote',
      request_id: 'request-5',
    },
  ]);

  const { body: sold } = await shopper(sale, event, { core: 1 }).hold(1);
  const next = shopper(sale, event);
  const { body: paying } = await next.hold(2);
  const { body: order } = await next.order(paying.holdId);
  await next.pay(order);
  expect((await release(paying.holdId)).body.code).toBe('orderClosed');
  expect((await release(randomUUID())).body.code).toBe('holdUnknown');
  expect((await deskOf(sale)('DELETE', `holds/${sold.holdId}`, { actor: 'olga' })).body.code).toBe(
    'malformed',
  );
  expect(await brokenPromises(sale.database)).toEqual({});
});

test('[BOOK-41] [PAY-5] money on its way to a hold that was released by hand climbs the late ladder', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(1);
  const { body: order } = await fan.order(hold.holdId);
  await release(hold.holdId);
  expect((await fan.pay(order)).body.code).toBe('holdExpired');
  expect((await shopper(sale, event).hold(1)).status).toBe(201);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database)).toEqual([]);
});
