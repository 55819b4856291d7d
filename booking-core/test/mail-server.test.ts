import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { takeDue } from '../src/mail/outbox.ts';
import { type Mailbox, type Mood, openMailbox } from './mailbox.ts';
import { mailer, mailsOf } from './mailing.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const HOUR_MS = 3_600_000;
let sale: TestSale;
let box: Mailbox;
let event: string;
beforeAll(async () => {
  [sale, box] = await Promise.all([openSale(), openMailbox()]);
  event = await sale.putOnSale({ tiers: { a: 400 }, buyerLimit: 4 });
});
afterAll(async () => {
  await box.close();
  await sale.close();
});
afterEach(() => {
  box.mood = 'takes';
  box.mails.length = 0;
  box.beforeTaking = async () => {};
});

/** @returns the order */
async function bought(): Promise<string> {
  const buyer = shopper(sale, event);
  const { body: order } = await buyer.order((await buyer.hold(1)).body.holdId);
  expect((await buyer.pay(order)).body.state).toBe('paid');
  return order.orderId;
}
const rowOf = async (order: string) => (await mailsOf(sale, order))[0]!;
const ids = (): string[] => box.mails.map(({ headers }) => headers['message-id']!);

test('[MAIL-3] workers side by side send each mail once', async () => {
  for (let n = 0; n < 45; n++) await bought();
  const others = [1, 2].map(() => openDatabase(sale.url, { connections: 2 }));
  try {
    const workers = [
      mailer(sale, { SMTP_URL: box.url }),
      ...others.map((database) => mailer(sale, { SMTP_URL: box.url }, { database })),
    ];
    const counts = await Promise.all(workers.map(({ send }) => send()));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(45);
    expect(new Set(ids()).size).toBe(45);
    expect(ids()).toHaveLength(45);
  } finally {
    await Promise.all(others.map(({ close }) => close()));
  }
});

test('[MAIL-3] a mail that was taken by a worker that died is sent by another, later, and no row is locked meanwhile', async () => {
  const order = await bought();
  const [taken] = await takeDue(sale.database.db);
  expect(taken!.order).toBe(order);
  const mail = mailer(sale, { SMTP_URL: box.url });
  expect(await mail.send()).toBe(0);
  // While its server thinks, the row can be read and written by anybody.
  await sale.moveClock(limits.mailRetryMs + 1_000);
  const locked: unknown[] = [];
  box.beforeTaking = async () => {
    await sql`select from mails where "order" = ${order} for update nowait`
      .execute(sale.database.db)
      .catch((fault) => locked.push(fault));
  };
  expect(await mail.send()).toBe(1);
  expect(locked).toEqual([]);
  expect(await rowOf(order)).toMatchObject({ state: 'sent', attempts: 2, last_error: null });
});

const failures: ReadonlyArray<readonly [Mood, RegExp]> = [
  ['busy', /^EENVELOPE 451$/],
  ['refuses', /^EENVELOPE 550$/],
  ['refusesAfterwards', /^EMESSAGE 554$/],
  ['hangsUp', /^[A-Z]+( \d+)?$/],
  ['silent', /^[A-Z_]+$/],
];

test.each(failures)(
  '[MAIL-4] a server that %s is asked again after longer and longer pauses, and the mail given up after the named number',
  async (mood, code) => {
    const order = await bought();
    const mail = mailer(sale, { SMTP_URL: box.url }, { timeoutMs: mood === 'silent' ? 150 : 10_000 });
    box.mood = mood;
    let waitedMs = 0;
    const pauses: number[] = [];
    const now = async (): Promise<number> => {
      const { rows } = await sql<{ at: Date }>`select sale_clock() at`.execute(sale.database.db);
      return rows[0]!.at.getTime();
    };
    for (let attempt = 1; attempt <= limits.mailAttemptsMax; attempt++) {
      await mail.send();
      // Before its time it is left alone.
      await mail.send();
      const row = await rowOf(order);
      expect(row.attempts).toBe(attempt);
      expect(row.last_error).toMatch(code);
      const pauseMs = row.next_at.getTime() - (await now());
      pauses.push(Math.round(pauseMs / 60_000));
      waitedMs += pauseMs;
      await sale.moveClock(pauseMs);
    }
    expect(pauses.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(Math.max(...pauses)).toBe(60);
    expect(waitedMs).toBeGreaterThan(10 * HOUR_MS);
    expect(await rowOf(order)).toMatchObject({ state: 'givenUp', attempts: limits.mailAttemptsMax });
    expect(await mail.counted('failed')).toBe(limits.mailAttemptsMax - 1);
    expect(await mail.counted('givenUp')).toBe(1);
    expect(mail.codes.join()).not.toContain('example.org');
    expect(box.mails).toEqual([]);

    box.mood = 'takes';
    await sale.moveClock(24 * HOUR_MS);
    expect(await mail.send()).toBe(0);
  },
);

test('[MAIL-4] a server that comes back gets what waited, and a mail that cannot be sent keeps no other from going', async () => {
  const [first, second] = [await bought(), await bought()];
  const mail = mailer(sale, { SMTP_URL: box.url });
  box.mood = 'refuses';
  await mail.send();
  const third = await bought();
  box.mood = 'takes';
  await sql`update mails set facts = '{}', kind = 'refunded' where "order" = ${first}`.execute(
    sale.database.db,
  );
  await sale.moveClock(limits.mailRetryMs + 1_000);
  expect(await mail.send()).toBe(2);
  expect(await rowOf(first)).toMatchObject({ state: 'waiting', last_error: 'FAULT' });
  expect(await rowOf(second)).toMatchObject({ state: 'sent', attempts: 2 });
  expect(await rowOf(third)).toMatchObject({ state: 'sent', attempts: 1 });
});

test('[MAIL-4] a mail whose worker died every time is given up as well', async () => {
  const order = await bought();
  await sql`update mails set attempts = ${limits.mailAttemptsMax}, next_at = sale_clock() where "order" = ${order}`.execute(
    sale.database.db,
  );
  const mail = mailer(sale, { SMTP_URL: box.url });
  await mail.send();
  expect(await rowOf(order)).toMatchObject({ state: 'givenUp', last_error: 'died' });
  expect(await mail.counted('givenUp')).toBe(1);
});
