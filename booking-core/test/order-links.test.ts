import { randomUUID } from 'node:crypto';
import type { Order } from '@onsale/shared/http/orders';
import { limits } from '@onsale/shared/limits';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { forgetLinks } from '../src/mail/outbox.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { linksOf, mailer } from './mailing.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let box: Mailbox;
let event: string;
let mail: ReturnType<typeof mailer>;
beforeAll(async () => {
  [sale, box] = await Promise.all([openSale(), openMailbox()]);
  mail = mailer(sale, { SMTP_URL: box.url });
  event = await sale.putOnSale({ tiers: { a: 100 }, buyerLimit: 4 });
});
afterAll(async () => {
  await box.close();
  await sale.close();
});
afterEach(async () => {
  // The next asker is in a span of his own.
  await sale.moveClock(limits.orderLinksSpanMs);
  expect(sale.faults).toEqual([]);
});

const ask = async (email: unknown): Promise<{ status: number; body: string }> => {
  const answer = await sale.cores[0]!.publicApp.request('/api/v1/order-links', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  return { status: answer.status, body: await answer.text() };
};
async function ordered(email: string, paid = true) {
  const buyer = shopper(sale, event);
  const { holdId } = (await buyer.hold(1)).body;
  const body = { holdId, name: 'Somebody', email };
  const { body: order } = await buyer.send<Order>('POST', '/api/v1/orders', { key: randomUUID(), body });
  if (paid) expect((await buyer.pay(order)).body.state).toBe('paid');
  return { buyer, order };
}
async function sent() {
  await mail.send();
  return box.mails.splice(0);
}

test('[MAIL-6] one mail lists every order of an address, however it is written, to the address as the buyer wrote it', async () => {
  const [first, second] = [await ordered('Ann@Example.org'), await ordered('ann@example.org')];
  await ordered('ann@example.org', false);
  await ordered('ben@example.org');
  await sent();

  expect(await ask('ANN@example.ORG')).toEqual({ status: 202, body: '' });
  const [it, ...more] = await sent();
  expect(more).toEqual([]);
  expect(it!.recipients).toEqual(['ann@example.org']);
  expect(it!.subject).toBe('Your 2 orders');
  const links = linksOf(it!);
  expect(links.map(({ orderId }) => orderId)).toEqual([second.order.orderId, first.order.orderId]);
  for (const link of links) {
    expect((await first.buyer.tickets(link)).body.tickets).toHaveLength(1);
  }
});

test('[MAIL-6] whoever has no orders gets no mail, and who asks cannot tell: the answer and what is written down are the same', async () => {
  const before = sale.database.db.selectFrom('mails').selectAll().where('kind', '=', 'orderLinks');
  await before.execute();
  await ordered('cy@example.org');
  await sent();
  expect(await ask('cy@example.org')).toEqual(await ask('nobody@example.org'));
  const written = await before.where('state', '=', 'waiting').execute();
  expect(written.map(({ recipient }) => recipient).sort()).toEqual(['cy@example.org', 'nobody@example.org']);
  const [one, other] = written.map(
    ({ id: _id, recipient: _recipient, next_at: _next, created_at: _at, ...row }) => row,
  );
  expect(one).toEqual(other);
  expect((await sent()).map(({ recipients }) => recipients)).toEqual([['cy@example.org']]);
  const nobody = await before.where('recipient', '=', 'nobody@example.org').execute();
  expect(nobody.map(({ state }) => state)).toEqual(['empty']);
});

test('[MAIL-6] an address gets one such mail in a span, four in any hour, however often and at once it is asked for', async () => {
  await ordered('dee@example.org');
  await sent();
  const asked = await Promise.all(Array.from({ length: 12 }, () => ask('dee@example.org')));
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
  expect(await sent()).toHaveLength(1);
  await ask('DEE@example.org');
  expect(await sent()).toHaveLength(0);
  let inAnHour = 0;
  for (let passedMs = 0; passedMs < 3_600_000; passedMs += 300_000) {
    await sale.moveClock(300_000);
    await ask('dee@example.org');
    inAnHour += (await sent()).length;
  }
  expect(inAnHour).toBeGreaterThanOrEqual(2);
  expect(inAnHour).toBeLessThanOrEqual(3);
});

test('[MAIL-6] what is no address is malformed, and requests are forgotten after a day', async () => {
  for (const wrong of ['', 'dee', 'dee@example', 'a@example.org\r\nBcc: b@example.org', 7, null]) {
    expect((await ask(wrong)).status).toBe(400);
  }
  const all = sale.database.db.selectFrom('mails').select('recipient').where('kind', '=', 'orderLinks');
  expect((await all.execute()).length).toBeGreaterThan(0);
  await sale.moveClock(limits.tidyAfterMs);
  await forgetLinks(sale.database.db);
  expect(await all.execute()).toEqual([]);
});
