import { randomBytes } from 'node:crypto';
import type { CheckedIn } from '@onsale/shared/http/check-ins';
import { signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTransaction } from './blocked.ts';
import { deskOf } from './desk.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 20 }, buyerLimit: 4 });
});
afterAll(() => sale.close());

async function bought(quantity: number) {
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(quantity);
  const { body: order } = await fan.order(hold.holdId);
  await fan.pay(order);
  const { body } = await fan.tickets(order);
  expect(body.tickets).toHaveLength(quantity);
  return body;
}
const scan = (code: string, core = 0, actor = 'dora') =>
  deskOf(sale)<CheckedIn>('POST', 'check-ins', { actor, requestId: 'request-9', code }, core);

test('[BOOK-14] of 50 scans at once at two cores one lets the ticket in, and the others say when that was', async () => {
  const { orderId, tickets } = await bought(2);
  const [ticket, friend] = tickets;
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => scan(ticket!.code, n % 2, `door-${n}`)),
  );
  const entered = answers.filter(({ status }) => status === 200);
  expect(entered).toHaveLength(1);
  const { code, ...known } = ticket!;
  const { checkedInAtMs, ...told } = entered[0]!.body as CheckedIn;
  expect(told).toEqual({ ...known, eventId: event, orderId });
  for (const { status, body } of answers.filter((one) => one !== entered[0])) {
    expect([status, body.code, body.checkedInAtMs]).toEqual([409, 'alreadyCheckedIn', checkedInAtMs]);
  }
  // Nobody else's way in, not even of the same order.
  expect((await scan(friend!.code)).status).toBe(200);
  const { rows } = await sql<{ actor: string; request_id: string }>`
    select a.actor, a.request_id from audit a join check_ins c on a.subject = c."order" || '/' || c.ticket
      and a.actor = c.actor where a.action = 'ticket.checkedIn' and c."order" = ${orderId}`.execute(
    sale.database.db,
  );
  expect(rows).toHaveLength(2);
  expect(rows.map(({ request_id }) => request_id)).toEqual(['request-9', 'request-9']);
  expect(sale.faults).toEqual([]);
});

test('[BOOK-14] a code that is not ours lets nobody in, nor one whose ticket was given back, even while it is scanned', async () => {
  const { orderId, tickets } = await bought(2);
  const strange = keyringOf(`t1:${randomBytes(32).toString('base64')}`);
  const payload = { event, order: orderId, ticket: tickets[0]!.ticketId };
  for (const forged of [
    'x',
    signToken(strange, 'ticket', payload),
    signToken(sale.ring, 'order', { order: orderId }),
    `${tickets[0]!.code}A`,
  ]) {
    expect((await scan(forged)).body.code, forged).toBe('tokenInvalid');
  }
  // Signed by us, and yet of no line: a ticket of another order or event.
  const other = signToken(sale.ring, 'ticket', { ...payload, ticket: tickets[0]!.ticketId + 1_000 });
  expect((await scan(other)).body.code).toBe('ticketNotValid');
  const elsewhere = signToken(sale.ring, 'ticket', { ...payload, event: 'another' });
  expect((await scan(elsewhere)).body.code).toBe('ticketNotValid');

  const giving = await openTransaction(sale.url);
  await giving.query('update order_lines set live = false where "order" = $1', [orderId]);
  const scanned = scan(tickets[0]!.code);
  await giving.metBy(scanned);
  await giving.commit();
  expect((await scanned).body.code).toBe('ticketNotValid');
  const { rows } = await sql`select from check_ins where "order" = ${orderId}`.execute(sale.database.db);
  expect(rows).toHaveLength(0);
});
