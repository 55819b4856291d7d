import type { Stock } from '@onsale/shared/http/internal';
import type { StockMove, StockMoved } from '@onsale/shared/http/operator-stock';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { deskOf } from './desk.ts';
import { brokenPromises } from './promises.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

let keys = 0;
const move = (
  event: string,
  asked: StockMove,
  { key = `key-${keys++}`, core = 0 }: { key?: string; core?: number } = {},
) =>
  deskOf(sale)<StockMoved>(
    'POST',
    `events/${event}/stock-moves`,
    { actor: 'olga', requestId: 'request-3', key, asked },
    core,
  );
const block = (event: string, quantity: number, options = {}) =>
  move(event, { move: 'block', tickets: { tierId: 'a', quantity } }, options);

/** Counted anew: what a core says of stock is a moment old. */
async function stockIs(event: string, wanted: Partial<Stock>): Promise<void> {
  let stock: unknown;
  await until(
    async () => {
      const answer = await sale.cores[0]!.internalApp.request(`/internal/events/${event}/stock`, {
        headers: { authorization: `Bearer ${SERVICE_TOKEN}` },
      });
      const body = (await answer.json()) as Stock;
      stock = body;
      expect(body.free + body.held + body.sold + body.blocked, 'BOOK-9').toBe(body.total);
      return Object.entries(wanted).every(([name, value]) => body[name as keyof Stock] === value);
    },
    { what: `the stock to be ${JSON.stringify(wanted)}` },
  ).catch((late) => {
    expect(stock).toMatchObject(wanted);
    throw late;
  });
}

test('[BOOK-16] [BOOK-9] [BOOK-13] blocked tickets are neither free nor sold, nobody gets them, and unblocked they are on sale at once', async () => {
  const event = await sale.putOnSale({ tiers: { a: 6, b: 2 }, buyerLimit: 6 });
  // Somebody had them before: what is blocked is not told from what is sold by never having been held.
  const earlier = shopper(sale, event);
  await earlier.release((await earlier.hold(6)).body.holdId);
  const { body: blocked } = await block(event, 3);
  expect(blocked).toMatchObject({ eventId: event, move: 'block' });
  expect(blocked.ticketIds).toHaveLength(3);
  await stockIs(event, { total: 8, free: 5, held: 0, sold: 0, blocked: 3 });
  const fan = shopper(sale, event);
  expect((await fan.hold(4)).body).toMatchObject({ code: 'notEnough', free: 3, held: 0 });
  const { body: hold } = await fan.hold(3);
  expect(hold.tickets.map(({ ticketId }) => ticketId)).not.toEqual(expect.arrayContaining(blocked.ticketIds));
  const { body: order } = await fan.order(hold.holdId);
  await fan.pay(order);
  // What is not sold is blocked: for a fan there is nothing.
  expect((await shopper(sale, event).hold(1)).body.code).toBe('soldOut');
  await stockIs(event, { free: 2, held: 0, sold: 3, blocked: 3 });
  expect(await brokenPromises(sale.database)).toEqual({});

  const back = { move: 'unblock' as const, tickets: { ticketIds: blocked.ticketIds.slice(0, 2) } };
  expect((await move(event, { ...back, why: 'the camera went' })).status).toBe(200);
  const { body: got } = await shopper(sale, event, { core: 1 }).hold(2);
  expect(got.tickets.map(({ ticketId }) => ticketId).sort()).toEqual([...back.tickets.ticketIds].sort());
  await stockIs(event, { free: 2, held: 2, sold: 3, blocked: 1 });
  const { rows } = await sql`select actor, action, became, why, request_id from audit
    where subject = ${event} order by id`.execute(sale.database.db);
  expect(rows).toEqual([
    {
      actor: 'olga',
      action: 'stock.blocked',
      became: { tickets: blocked.ticketIds },
      why: null,
      request_id: 'request-3',
    },
    {
      actor: 'olga',
      action: 'stock.unblocked',
      became: { tickets: back.tickets.ticketIds },
      why: 'the camera went',
      request_id: 'request-3',
    },
  ]);
  expect(sale.faults).toEqual([]);
});

test('[BOOK-16] [BOOK-7] all that are asked for, or none; the same key moves once, and another request under it nothing', async () => {
  const event = await sale.putOnSale({ tiers: { a: 5 }, buyerLimit: 5 });
  const { body: hold } = await shopper(sale, event).hold(2);
  const held = hold.tickets[0]!.ticketId;
  expect((await block(event, 4)).body).toMatchObject({
    code: 'notEnough',
    detail: '4 asked for, 3 of them free.',
  });
  for (const ids of [[held], [held, held + 1_000_000]]) {
    expect((await move(event, { move: 'block', tickets: { ticketIds: ids } })).body.code).toBe('notEnough');
  }
  expect((await move(event, { move: 'unblock', tickets: { tierId: 'a', quantity: 1 } })).body.code).toBe(
    'notEnough',
  );
  expect((await move(event, { move: 'block', tickets: { tierId: 'z', quantity: 1 } })).body.code).toBe(
    'tierUnknown',
  );
  expect((await block('nothing', 1)).body.code).toBe('eventUnknown');
  expect((await move(event, { move: 'block', tickets: { ticketIds: [1, 1] } })).body.code).toBe('malformed');
  await stockIs(event, { free: 3, held: 2, blocked: 0 });

  const answers = await Promise.all([0, 1, 0, 1].map((core) => block(event, 1, { key: 'same', core })));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toHaveProperty('size', 1);
  expect((await block(event, 2, { key: 'same' })).body.code).toBe('idempotencyMismatch');
  await stockIs(event, { free: 2, held: 2, blocked: 1 });
  expect(await brokenPromises(sale.database)).toEqual({});
});

test('[BOOK-16] [BOOK-2] [BOOK-8] blocking, unblocking and holding at once at two cores gives no ticket to two', async () => {
  const event = await sale.putOnSale({ tiers: { a: 60 }, buyerLimit: 4 });
  const work = Array.from({ length: 60 }, (_, n) =>
    n % 3 === 0
      ? block(event, 1 + (n % 4), { core: n % 2 })
      : n % 7 === 0
        ? move(event, { move: 'unblock', tickets: { tierId: 'a', quantity: 2 } }, { core: n % 2 })
        : shopper(sale, event, { core: n % 2 }).hold(1 + (n % 2)),
  );
  for (const { status, body } of await Promise.all<{ status: number; body: { code?: string } }>(work)) {
    if (status > 201) expect(['notEnough', 'soldOut']).toContain(body.code);
  }
  expect(await brokenPromises(sale.database)).toEqual({});
  const { rows } = await sql<{ blocked: number; moved: number }>`select
    (select count(*)::int from tickets where event = ${event} and free_at = 'infinity' and hold is null) blocked,
    (select coalesce(sum(cardinality(tickets) * case move when 'block' then 1 else -1 end), 0)::int
      from stock_moves where event = ${event}) moved`.execute(sale.database.db);
  expect(rows[0]!.blocked).toBe(rows[0]!.moved);
  expect(sale.faults).toEqual([]);
});
