import { randomUUID } from 'node:crypto';
import type { CheckedIn } from '@onsale/shared/http/check-ins';
import type { Stock } from '@onsale/shared/http/internal';
import type { Comp, CompRequest } from '@onsale/shared/http/operator-comps';
import type { OperatorOrder } from '@onsale/shared/http/operator-orders';
import type { RefundedOrder } from '@onsale/shared/http/refunds';
import { signToken } from '@onsale/shared/tokens/hmac';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../src/mail/compose.ts';
import type { Mail } from '../src/mail/outbox.ts';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { deskOf } from './desk.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

const olga = { actor: 'olga', requestId: 'request-9' };
const guest = { name: 'A Guest', email: 'Guest@Example.org', why: 'the band asked' };
const give = (
  event: string,
  tickets: CompRequest['tickets'],
  {
    key = randomUUID() as string,
    core = 0,
    ...other
  }: { key?: string; core?: number } & Partial<CompRequest> = {},
) =>
  deskOf(sale)<Comp>(
    'POST',
    `events/${event}/comps`,
    { ...olga, key, comp: { tickets, ...guest, ...other } },
    core,
  );
const takeBack = (orderId: string, tickets?: number[], key = randomUUID() as string) =>
  deskOf(sale)<RefundedOrder>('POST', `orders/${orderId}/refunds`, {
    ...olga,
    key,
    refund: { ...(tickets === undefined ? {} : { tickets }), why: 'he cannot come' },
  });
const look = async (orderId: string) =>
  (await deskOf(sale)<OperatorOrder>('POST', `orders/${orderId}/looks`, olga)).body;
const scan = (event: string, order: string, ticket: number) =>
  deskOf(sale)<CheckedIn>('POST', 'check-ins', {
    ...olga,
    code: signToken(sale.ring, 'ticket', { event, order, ticket }),
  });
async function stock(event: string): Promise<Pick<Stock, 'free' | 'sold' | 'blocked'>> {
  const { rows } = await sql<{ free: number; sold: number; blocked: number }>`
    select count(*) filter (where free_at <= sale_clock())::int free,
      count(*) filter (where free_at = 'infinity' and hold is not null)::int sold,
      count(*) filter (where free_at = 'infinity' and hold is null)::int blocked
    from tickets where event = ${event}`.execute(sale.database.db);
  return rows[0]!;
}

test('[BOOK-44] [BOOK-13] [BOOK-14] a comp is a paid order of nothing: its tickets are sold, mailed and let in, and no limit counts them', async () => {
  const event = await sale.putOnSale({ tiers: { a: 6, b: 2 }, buyerLimit: 2 });
  const { status, body: comp } = await give(event, { tierId: 'a', quantity: 4 });
  expect(status).toBe(201);
  expect(comp).toMatchObject({ eventId: event });
  expect(comp.ticketIds).toHaveLength(4);
  expect(await stock(event)).toEqual({ free: 4, sold: 4, blocked: 0 });

  const order = await look(comp.orderId);
  expect(order).toMatchObject({
    state: 'paid',
    comp: true,
    name: guest.name,
    email: guest.email,
    quantity: 4,
    totalMinor: 0,
    refundedMinor: 0,
    payments: [],
    refunds: [],
    mails: [{ kind: 'orderPaid' }],
    trail: [{ actor: 'olga', action: 'order.paid', why: guest.why, requestId: 'request-9' }],
  });
  expect(order.lines.map(({ ticketId, totalMinor }) => [ticketId, totalMinor])).toEqual(
    comp.ticketIds.map((id) => [id, 0]),
  );

  expect((await scan(event, comp.orderId, comp.ticketIds[0]!)).status).toBe(200);
  expect((await scan(event, comp.orderId, comp.ticketIds[0]!)).body.code).toBe('alreadyCheckedIn');

  // What is left is for fans, each with his whole limit.
  const fan = shopper(sale, event);
  expect((await fan.hold(3)).body.code).toBe('buyerLimit');
  expect((await fan.hold(2)).status).toBe(201);
  expect((await shopper(sale, event).hold(1)).body).toMatchObject({ code: 'notEnough', free: 0, held: 2 });
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database)).toEqual([]);
  expect(sale.faults).toEqual([]);
});

test('[BOOK-45] [BOOK-7] all or none; the same key gives once from two cores at once, and nothing for another request', async () => {
  const event = await sale.putOnSale({ tiers: { a: 5 }, buyerLimit: 5 });
  const { body: hold } = await shopper(sale, event).hold(2);
  const held = hold.tickets[0]!.ticketId;
  const refusals = [
    await give(event, { tierId: 'a', quantity: 4 }),
    await give(event, { ticketIds: [held] }),
    await give(event, { ticketIds: [held + 1_000_000] }),
    await give(event, { tierId: 'z', quantity: 1 }),
    await give('nothing', { tierId: 'a', quantity: 1 }),
    await give(event, { ticketIds: [1, 1] }),
    await give(event, { tierId: 'a', quantity: 1 }, { email: 'nobody' }),
    await give(event, { tierId: 'a', quantity: 1 }, { why: ' ' }),
  ];
  expect(refusals.map(({ body }) => body.code)).toEqual([
    ...['notEnough', 'notEnough', 'notEnough', 'tierUnknown', 'eventUnknown'],
    ...['malformed', 'malformed', 'malformed'],
  ]);
  expect(refusals[0]!.body.detail).toBe('4 asked for, 3 of them free.');
  expect(await stock(event)).toEqual({ free: 3, sold: 0, blocked: 0 });

  const key = 'one-comp';
  const answers = await Promise.all(
    [0, 1, 0, 1].map((core) => give(event, { tierId: 'a', quantity: 1 }, { key, core })),
  );
  expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toHaveProperty('size', 1);
  expect((await give(event, { tierId: 'a', quantity: 1 }, { key, name: 'Another' })).body.code).toBe(
    'idempotencyMismatch',
  );
  expect(await stock(event)).toEqual({ free: 2, sold: 1, blocked: 0 });
  expect(await brokenPromises(sale.database)).toEqual({});
});

test('[BOOK-44] [BOOK-16] a place that is kept for somebody is given or blocked only when it is named', async () => {
  const event = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 2 });
  const { rows } = await sql<{ id: number }>`update tickets
    set section = '1', "row" = 'A', seat = id, access = 'wheelchair'
    where id = (select min(id) from tickets where event = ${event}) returning id`.execute(sale.database.db);
  const kept = rows[0]!.id;
  const block = (tickets: object) =>
    deskOf(sale)('POST', `events/${event}/stock-moves`, {
      ...olga,
      key: randomUUID(),
      asked: { move: 'block', tickets },
    });
  expect((await give(event, { tierId: 'a', quantity: 2 })).body.code).toBe('notEnough');
  expect((await block({ tierId: 'a', quantity: 2 })).body.code).toBe('notEnough');
  expect((await block({ ticketIds: [kept] })).status).toBe(200);
  expect((await give(event, { ticketIds: [kept] })).body.code).toBe('notEnough');
});

test('[BOOK-46] a comp is taken back in part and whole: its tickets are on sale at once, no money moves, and the key takes back once', async () => {
  const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
  const { body: comp } = await give(event, { tierId: 'a', quantity: 3 });
  const [first, second] = comp.ticketIds as [number, number];
  for (let again = 0; again < 2; again++) {
    expect((await takeBack(comp.orderId, [first], 'first')).body).toMatchObject({
      state: 'partlyRefunded',
      refundedMinor: 0,
    });
  }
  expect((await takeBack(comp.orderId, [second], 'first')).body.code).toBe('idempotencyMismatch');
  expect((await takeBack(comp.orderId, [first])).body.code).toBe('ticketUnknown');
  expect((await scan(event, comp.orderId, first)).body.code).toBe('ticketNotValid');
  const { body: hold } = await shopper(sale, event, { core: 1 }).hold(1);
  expect(hold.tickets[0]!.ticketId).toBe(first);
  expect(await brokenPromises(sale.database)).toEqual({});

  expect((await takeBack(comp.orderId)).body).toMatchObject({ state: 'cancelled', refundedMinor: 0 });
  expect((await takeBack(comp.orderId)).body.code).toBe('orderNotPaid');
  expect(await stock(event)).toEqual({ free: 2, sold: 0, blocked: 0 });
  const order = await look(comp.orderId);
  expect(order).toMatchObject({ state: 'cancelled', quantity: 0, refunds: [], payments: [] });
  expect(order.trail.map(({ action }) => action)).toEqual([
    'order.paid',
    'order.partlyRefunded',
    'order.cancelled',
  ]);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database)).toEqual([]);
});

test('[BOOK-44] [BOOK-46] the mails of a comp speak of tickets, and of no money', async () => {
  const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
  const { body: comp } = await give(event, { tierId: 'a', quantity: 3 });
  const latest = async () => {
    const { rows } = await sql<Mail>`select * from mails where "order" = ${comp.orderId}
      order by created_at desc limit 1`.execute(sale.database.db);
    const { db } = sale.database;
    const letter = await compose({ db, ring: sale.ring, publicUrl: 'https://onsale.test' }, rows[0]!);
    expect(letter?.to).toBe(guest.email);
    const all = JSON.stringify(letter);
    expect(all).not.toMatch(/\$|given back|refunded|is paid|are paid/);
    return all;
  };
  expect(await latest()).toMatch(/You have 3 tickets.*Open your tickets/);
  await takeBack(comp.orderId, [comp.ticketIds[0]!]);
  expect(await latest()).toMatch(/1 ticket of your order for .* taken back.*your other 2 tickets stay/);
  await takeBack(comp.orderId);
  expect(await latest()).toMatch(/was taken back.*no longer valid/);
});

test('[BOOK-46] [PAY-14] a cancelled event gives no comps, and takes those it gave back', async () => {
  const event = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 2 });
  const { body: comp } = await give(event, { tierId: 'a', quantity: 2 });
  await deskOf(sale)('POST', `events/${event}/cancellation`, { ...olga, cancellation: { why: 'a storm' } });
  expect((await give(event, { tierId: 'a', quantity: 1 })).body.code).toBe('eventCancelled');
  expect(await refundCancelled(sale.database, sale.payments)).toBe(1);
  expect((await look(comp.orderId)).state).toBe('cancelled');
  expect(await brokenPromises(sale.database)).toEqual({});
});

test('[BOOK-44] [BOOK-2] [BOOK-8] giving away, taking back, holding and blocking at once at two cores gives no ticket to two', async () => {
  const event = await sale.putOnSale({ tiers: { a: 60 }, buyerLimit: 4 });
  const gone: string[] = [];
  const work = Array.from({ length: 48 }, async (_, n) => {
    const core = n % 2;
    if (n % 3 === 0) {
      const { status, body } = await give(event, { tierId: 'a', quantity: 1 + (n % 4) }, { core });
      if (status === 201 && n % 2 === 0) {
        expect((await takeBack(body.orderId)).status).toBe(200);
        gone.push(body.orderId);
      } else if (status !== 201) expect(body.code).toBe('notEnough');
      return;
    }
    const { status, body } = await shopper(sale, event, { core }).hold(1 + (n % 2));
    if (status > 201) expect(['notEnough', 'soldOut']).toContain(body.code);
  });
  await Promise.all(work);
  expect(gone.length).toBeGreaterThan(0);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

test('[API-6] [BOOK-44] none of the desk answers without the service token', async () => {
  const { internalApp } = sale.cores[0]!;
  const asked: ReadonlyArray<[string, string]> = [
    ['POST', 'events/any/comps'],
    ['GET', 'holds?eventId=any'],
    ['DELETE', `holds/${randomUUID()}`],
    ['POST', 'order-searches'],
    ['POST', `orders/${randomUUID()}/looks`],
  ];
  for (const [method, path] of asked) {
    const bare = await internalApp.request(`/internal/${path}`, { method });
    expect(await bare.json(), path).toMatchObject({ code: 'tokenMissing' });
    const strange = await internalApp.request(`/internal/${path}`, {
      method,
      headers: { authorization: `Bearer ${SERVICE_TOKEN.replace(/.$/, (c) => (c === '0' ? '1' : '0'))}` },
    });
    expect(await strange.json(), path).toMatchObject({ code: 'tokenInvalid' });
  }
});
