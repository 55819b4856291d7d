import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hold } from '@onsale/shared/http/holds';
import { moneyIn } from '@onsale/shared/words';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { deskOf } from './desk.ts';
import { type Mailbox, openMailbox, parsed } from './mailbox.ts';
import { linksOf, mailer, mailsOf } from './mailing.ts';
import { brokenPromises } from './promises.ts';
import { openSale, type Shopper, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let box: Mailbox;
let event: string;
let mail: ReturnType<typeof mailer>;
beforeAll(async () => {
  [sale, box] = await Promise.all([openSale(), openMailbox()]);
  mail = mailer(sale, { SMTP_URL: box.url });
  event = await sale.putOnSale({ tiers: { a: 100 }, buyerLimit: 4, holdTtlMs: 60_000 });
});
afterAll(async () => {
  await box.close();
  await sale.close();
});
afterEach(async () => {
  sale.provider.beforeCharge = async () => {};
  box.mails.length = 0;
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

async function bought(quantity = 2, { name = 'Somebody', at = event } = {}) {
  const buyer = shopper(sale, at);
  const { body: hold } = await buyer.hold(quantity);
  const { body: order } = await buyer.order(hold.holdId, { name });
  expect((await buyer.pay(order)).body.state).toBe('paid');
  return { buyer, hold, order };
}
/** What was sent now, of all that was due. */
async function sent() {
  await mail.send();
  return box.mails.splice(0);
}
const refund = (orderId: string, tickets?: number[], key: string = randomUUID()) =>
  deskOf(sale)('POST', `orders/${orderId}/refunds`, {
    actor: 'opal',
    key,
    refund: { why: 'said by an operator', ...(tickets === undefined ? {} : { tickets }) },
  });

test('[MAIL-1] a paid order is told by mail, and its link opens the order with its tickets', async () => {
  const { buyer, order } = await bought(2, { name: 'Zoë Ünal <b>&' });
  const [it, ...others] = await sent();
  expect(others).toEqual([]);
  expect(it!.recipients).toEqual(['somebody@example.org']);
  expect(it!.headers).toMatchObject({
    to: 'somebody@example.org',
    from: 'The House <tickets@example.org>',
    'auto-submitted': 'auto-generated',
    'message-id': `<${(await mailsOf(sale, order.orderId))[0]!.id}@example.org>`,
  });
  expect(it!.subject).toBe('Your tickets for Live at Dodgers Stadium');
  for (const words of ['your 2 tickets are paid', 'Dodgers Stadium, Los Angeles', '$200.00']) {
    expect(it!.text).toContain(words);
    expect(it!.html).toContain(words);
  }
  // The event's own time, wherever this runs.
  expect(it!.text).toMatch(/July 17, 2027.*7:30\sPM PDT/);
  expect(it!.text).toContain('Hello Zoë Ünal <b>&,');
  expect(it!.html).toContain('Hello Zoë Ünal &lt;b&gt;&amp;,');

  const [link, ...more] = linksOf(it!);
  expect(more).toEqual([]);
  expect(link!.orderId).toBe(order.orderId);
  expect((await buyer.lookOrder(link!)).body).toMatchObject({ state: 'paid', orderId: order.orderId });
  expect((await buyer.tickets(link!)).body.tickets).toHaveLength(2);
  expect(await sent()).toEqual([]);
});

test('[MAIL-1] fees, and a tax that is added or contained, are named; a currency has the decimals it has', async () => {
  const one = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  const other = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  await sql`update tiers set fee_minor = 150, tax_basis_points = 1000, tax_included = event = ${other}
    where event in (${one}, ${other})`.execute(sale.database.db);
  await sql`update events set currency = 'JPY' where id = ${other}`.execute(sale.database.db);
  await bought(1, { at: one });
  const [added] = await sent();
  await bought(1, { at: other });
  const [contained] = await sent();
  expect(added!.text).toContain('Tickets: $100.00\nFees: $1.50\nTax: $10.15\nTotal: $111.65\n');
  expect(contained!.text).toContain('Tickets: ¥10,000\nFees: ¥150\nTotal: ¥10,150\nOf which tax: ¥923\n');
  expect(moneyIn('en-US', 1_234, 'KWD')).toMatch(/1\.234$/);
});

test('[MAIL-2] the same news told again is one mail, and each other news is another', async () => {
  const { buyer, hold, order } = await bought(3);
  const ids = hold.tickets.map(({ ticketId }) => ticketId);
  await Promise.all([1, 2, 3].map(() => buyer.pay(order)));
  await refund(order.orderId, [ids[0]!], 'k');
  await refund(order.orderId, [ids[0]!], 'k');
  await refund(order.orderId);
  const kinds = (await mailsOf(sale, order.orderId)).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(['orderPaid', 'refunded', 'refunded']);

  const told = await sent();
  // Paid and given back before the mail went out: there are no tickets to tell of.
  expect(told.map(({ subject }) => subject).sort()).toEqual([
    '1 ticket of your order for Live at Dodgers Stadium refunded',
    'Your order for Live at Dodgers Stadium was refunded',
  ]);
  const [part, whole] = told.sort((a, b) => (a.subject < b.subject ? -1 : 1)).map(({ text }) => text);
  expect(part).toContain('$100.00 for 1 ticket is given back to you.');
  expect(part).toContain('your other 2 tickets stay as before');
  expect(whole).toContain('$200.00 for 2 tickets is given back to you.');
  expect(told.map(({ text }) => text).join()).not.toContain('said by an operator');
  expect(await mail.counted('empty')).toBe(1);
});

test('[MAIL-2] cancelling, by the fan and of the event, is told with what goes back', async () => {
  const at = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  await sql`update events set cancel_until = '2099-01-01' where id = ${at}`.execute(sale.database.db);
  const [own, other] = [await bought(1, { at }), await bought(2, { at })];
  await sent();
  const path = `/api/v1/orders/${own.order.orderId}/cancellation`;
  await own.buyer.send('POST', path, { token: own.order.orderToken });
  await deskOf(sale)('POST', `events/${at}/cancellation`, { actor: 'opal', cancellation: { why: 'rain' } });
  await refundCancelled(sale.database, sale.payments);
  await refundCancelled(sale.database, sale.payments);
  const [first, second, ...more] = (await sent()).sort((a, b) => (a.subject > b.subject ? -1 : 1));
  expect(more).toEqual([]);
  expect(first!.subject).toBe('You gave back your tickets for Live at Dodgers Stadium');
  expect(first!.text).toContain('$100.00 is given back to you.');
  expect(second!.subject).toBe('Live at Dodgers Stadium is cancelled: your money goes back');
  expect(second!.text).toContain('$200.00 is given back to you.');
  expect(linksOf(second!)[0]!.orderId).toBe(other.order.orderId);
});

async function paidLate(buyer: Shopper, during: (hold: Hold) => Promise<unknown>) {
  const { body: hold } = await buyer.hold(2);
  const { body: order } = await buyer.order(hold.holdId);
  sale.provider.beforeCharge = async () => {
    sale.provider.beforeCharge = async () => {};
    await sale.moveClock(60_001);
    await during(hold);
  };
  await buyer.pay(order);
  return order;
}

test('[MAIL-2] [PAY-11] money that came late says what it bought, or why it goes back', async () => {
  const small = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 4, holdTtlMs: 60_000 });
  await paidLate(shopper(sale, small), ({ tickets: [first] }) =>
    sql`update tickets set hold = null, free_at = 'infinity' where id = ${first!.ticketId}`.execute(
      sale.database.db,
    ),
  );
  const [instead, ...others] = await sent();
  expect(others).toEqual([]);
  expect(instead!.subject).toContain('other places than you had reserved');
  expect(instead!.text).toContain('You have 2 tickets of the same price instead.');

  const at = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 4, holdTtlMs: 60_000 });
  const none = await paidLate(shopper(sale, at), () => shopper(sale, at).hold(1));
  const [back, ...more] = await sent();
  expect(more).toEqual([]);
  expect(back!.subject).toBe('You have no tickets for Live at Dodgers Stadium: $200.00 goes back to you');
  expect(back!.text).toContain(
    'Your payment came after your reservation had run out, and not enough tickets were left',
  );
  expect(linksOf(back!)[0]!.orderId).toBe(none.orderId);
});

test('[MAIL-2] money of an event that was cancelled before it came goes back, and the mail says so', async () => {
  const at = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 4, holdTtlMs: 60_000 });
  const fan = shopper(sale, at);
  const { body: order } = await fan.order((await fan.hold(2)).body.holdId);
  sale.provider.beforeCharge = async () => {
    await sql`update events set cancelled_at = now() where id = ${at}`.execute(sale.database.db);
  };
  await fan.pay(order);
  const [back] = await sent();
  expect(back!.text).toContain('Live at Dodgers Stadium was cancelled before your payment came.');
  expect(back!.text).toContain('All of your $200.00 is given back.');
});

test('[MAIL-5] nothing that people typed becomes a header or another recipient, and what is no address is asked no server', async () => {
  const { order } = await bought(1);
  const { order: lost } = await bought(1);
  const evil = 'x\r\nBcc: victim@example.org\r\n\r\nhello';
  // Behind the boundary, which takes neither: as if something else had written it.
  await sql`update orders set buyer_name = ${evil} where id = ${order.orderId}`.execute(sale.database.db);
  await sql`update mails set recipient = ${`a@example.org\r\nRCPT TO:<victim@example.org>`}
    where "order" = ${lost.orderId}`.execute(sale.database.db);
  const name = `Gala${evil}`;
  await sql`update events set name = ${name} where id = ${event}`.execute(sale.database.db);
  const [it, ...more] = await sent();
  await sql`update events set name = 'Live at Dodgers Stadium' where id = ${event}`.execute(sale.database.db);
  expect(more).toEqual([]);
  expect(it!.recipients).toEqual(['somebody@example.org']);
  expect(it!.headers.bcc).toBeUndefined();
  expect(it!.text).toContain('Hello x Bcc: victim@example.org hello,');
  const [row] = await mailsOf(sale, lost.orderId);
  expect(row).toMatchObject({ state: 'givenUp', attempts: 1, last_error: 'ADDRESS' });

  const buyer = shopper(sale, event);
  const { holdId } = (await buyer.hold(1)).body;
  for (const wrong of [
    { name: evil },
    { email: evil },
    { email: 'a@b' },
    { email: 'a@example.org,b@example.org' },
  ]) {
    const body = { holdId, name: 'A', email: 'a@example.org', ...wrong };
    expect((await buyer.send('POST', '/api/v1/orders', { key: 'k', body })).body.code).toBe('malformed');
  }
});

test('[MAIL-7] without a mail server mails are files that a mail program opens, one for each', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'onsale-mail-')), 'of', 'the', 'house');
  try {
    const { order } = await bought(1);
    const [{ id } = { id: '' }] = await mailsOf(sale, order.orderId);
    const files = mailer(sale, { MAIL_DIR: folder });
    expect(await files.send()).toBe(1);
    await sql`update mails set state = 'waiting', settled_at = null, next_at = now() where id = ${id}`.execute(
      sale.database.db,
    );
    expect(await files.send()).toBe(1);
    expect(await readdir(folder)).toEqual([`${id}.eml`]);
    const file = join(folder, `${id}.eml`);
    expect((await stat(file)).mode & 0o077).toBe(0);
    const it = { recipients: [], ...parsed(await readFile(file, 'latin1')) };
    expect(it.headers['message-id']).toBe(`<${id}@example.org>`);
    expect(linksOf(it)[0]!.orderId).toBe(order.orderId);
  } finally {
    await rm(join(folder, '..', '..', '..'), { recursive: true });
  }
});
