import type { InternalRehearsal, RehearsalState } from '@onsale/shared/http/rehearsals';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../src/catalog/seed.ts';
import { type Core, openCore } from '../src/core.ts';
import { coreMetrics } from '../src/metrics.ts';
import { openPayments } from '../src/payments/payments.ts';
import { internalOf } from './internal.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { mailer, mailsOf } from './mailing.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let box: Mailbox;
/** A core whose sales are paid with another provider than the sandbox. */
let elsewhere: Core;
const ask = internalOf(() => sale);
beforeAll(async () => {
  [sale, box] = await Promise.all([openSale({ cores: 2 }), openMailbox()]);
  await seed(sale.database);
  const watch = { settled: () => {}, fault: () => {} };
  elsewhere = openCore({
    database: sale.database,
    payments: openPayments(sale.database, [{ ...sale.provider, name: 'stripe' }, sale.provider], watch),
    ring: sale.ring,
    serviceToken: SERVICE_TOKEN,
    metrics: coreMetrics(),
    report: (fault) => sale.faults.push(fault),
  });
});
afterAll(async () => {
  elsewhere?.stop();
  await sale?.close();
  await box?.close();
  expect(sale.faults).toEqual([]);
});

const tiers = [
  { tierId: 'floor', name: 'Floor', priceMinor: 50_00, feeMinor: 5_00, taxPercent: 8.25, quantity: 30 },
  { tierId: 'balcony', name: 'Balcony', priceMinor: 30_00, quantity: 20 },
];
let made = 0;
const asking = (more: object = {}) => ({
  eventId: `rehearsal-${++made}`,
  name: 'A rehearsal',
  buyerLimit: 4,
  tiers,
  ...more,
});
const create = (asked: object, core = 0) =>
  ask<InternalRehearsal>('POST', '/internal/rehearsals', { body: { actor: 'olga', asked }, core });
const end = (eventId: string, core = 0) =>
  ask<RehearsalState>('POST', `/internal/rehearsals/${eventId}/end`, { body: { actor: 'olga' }, core });
const auditOf = (eventId: string) =>
  sale.database.db
    .selectFrom('audit')
    .select(['actor', 'action', 'became'])
    .where('subject', '=', eventId)
    .orderBy('id')
    .execute();
const listed = async (core: Core): Promise<string[]> => {
  const { events } = (await (await core.publicApp.request('/api/v1/events')).json()) as {
    events: { eventId: string }[];
  };
  return events.map(({ eventId }) => eventId);
};

test('[RUN-50] a rehearsal has what it was asked for, in no list, and is like the event it is to be like, seat by seat', async () => {
  const asked = asking({ room: { ratePerMinute: 77, paused: true } });
  const { status, body } = await create(asked);
  expect(status).toBe(201);
  expect(body.room).toMatchObject({
    rehearsal: true,
    open: true,
    paused: true,
    ratePerMinute: 77,
    capacity: 2_000,
  });
  expect(body.event).toMatchObject({
    rehearsal: true,
    admission: 'general',
    buyerLimit: 4,
    holdTtlMs: 600_000,
  });
  expect(body.event.tiers).toMatchObject([
    { tierId: 'floor', priceMinor: 50_00, feeMinor: 5_00, taxMinor: 4_54, totalMinor: 59_54, free: 30 },
    { tierId: 'balcony', totalMinor: 30_00, free: 20 },
  ]);

  const like = { eventId: `rehearsal-${++made}`, name: 'The stadium', like: 'dodgers-live', buyerLimit: 2 };
  const stadium = (await create(like)).body;
  expect(stadium.event).toMatchObject({ name: 'The stadium', admission: 'seated', buyerLimit: 2 });
  expect(stadium.room).toMatchObject({ open: true, ratePerMinute: 3_000, claimWindowMs: 120_000 });
  const { rows } = await sql<{ same: boolean }>`
    with mine as (
      select row_number() over (order by id) n, tier, section, "row", seat, access, distance from tickets where event = ${like.eventId}
    ), theirs as (
      select row_number() over (order by id) n, tier, section, "row", seat, access, distance from tickets where event = 'dodgers-live'
    )
    select (select count(*) from mine) = 56000 and not exists ((table mine except table theirs) union all (table theirs except table mine)) same`.execute(
    sale.database.db,
  );
  expect(rows).toEqual([{ same: true }]);
  for (const core of sale.cores)
    expect((await listed(core)).filter((id) => id.startsWith('rehearsal-'))).toEqual([]);
  expect((await ask('GET', `/internal/rooms/${like.eventId}`)).status).toBe(200);

  for (const [wrong, code] of [
    [asking({ eventId: 'friday' }), 'malformed'],
    [asking({ tiers: [] }), 'malformed'],
    [asking({ tiers: [tiers[0], tiers[0]] }), 'malformed'],
    [asking({ tiers: [{ ...tiers[0], quantity: limits.rehearsalTicketsMax }, tiers[1]] }), 'malformed'],
    [asking({ like: 'club-night' }), 'malformed'],
    [asking({ room: { opensAtMs: 2_000, endsAtMs: 1_000 } }), 'malformed'],
    [{ ...like, eventId: 'rehearsal-x', like: 'nothing' }, 'eventUnknown'],
  ] as const) {
    expect((await create(wrong)).body.code, JSON.stringify(wrong)).toBe(code);
  }
});

test('[RUN-53] asked for again with the same body it is the same, at whatever core and at once; with another it is refused', async () => {
  const asked = asking();
  const answers = await Promise.all([0, 1, 0, 1].map((core) => create(asked, core)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  expect(new Set(answers.map(({ body }) => body.room.seed)).size).toBe(1);
  const turned = Object.fromEntries(Object.entries(asked).reverse());
  expect((await create(turned)).status).toBe(200);
  for (const other of [
    { buyerLimit: 3 },
    { name: 'Another' },
    { tiers: tiers.slice(1) },
    { holdTtlMs: 2_000 },
  ]) {
    expect((await create({ ...asked, ...other })).body.code).toBe('rehearsalTaken');
  }
  expect(await auditOf(asked.eventId)).toMatchObject([{ actor: 'olga', action: 'rehearsal.created' }]);
  const { rows } = await sql`select from tickets where event = ${asked.eventId}`.execute(sale.database.db);
  expect(rows).toHaveLength(50);
});

test('[RUN-51] its payments go to the sandbox where sales are paid with cards, and only its', async () => {
  const { eventId } = asking();
  await create(asking({ eventId }));
  const usual = await sale.putOnSale({ tiers: { floor: 4 }, buyerLimit: 4 });
  const cards = { ...sale, cores: [elsewhere] };
  for (const [event, mine, theirs] of [
    [eventId, { method: 'sandboxApprove' }, { method: 'stripeCard', stripePaymentMethod: 'pm_1' }],
    [usual, undefined, { method: 'sandboxApprove' }],
  ] as const) {
    const buyer = shopper(cards, event);
    const { body: hold } = await buyer.hold(1, { tier: 'floor' });
    const { body: order } = await buyer.order(hold.holdId);
    const pay = (body: object, key: string) =>
      buyer.send<{ state: string }>('POST', `/api/v1/orders/${order.orderId}/payments`, {
        token: order.orderToken,
        key,
        body,
      });
    expect((await pay(theirs, 'theirs')).body.code).toBe('methodNotOffered');
    if (mine !== undefined) expect((await pay(mine, 'mine')).body.state).toBe('paid');
  }
  const payments = await sale.database.db
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order')
    .select(['event', 'provider'])
    .where('event', 'in', [eventId, usual])
    .execute();
  expect(payments).toEqual([{ event: eventId, provider: 'sandbox' }]);
});

test('[RUN-52] its mails are written and kept; a mail of links does not name its orders, and none goes to who has no others', async () => {
  // Those of the tests before.
  await mailer(sale, { SMTP_URL: box.url }).send();
  const { eventId } = asking();
  await create(asking({ eventId }));
  const buyer = shopper(sale, eventId);
  const { body: hold } = await buyer.hold(2, { tier: 'floor' });
  const { body: order } = await buyer.order(hold.holdId);
  await buyer.pay(order);
  await sale.cores[0]!.publicApp.request('/api/v1/order-links', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'somebody@example.org' }),
  });
  const mail = mailer(sale, { SMTP_URL: box.url });
  await mail.send();
  expect(await mailsOf(sale, order.orderId)).toMatchObject([
    { kind: 'orderPaid', state: 'kept', attempts: 1 },
  ]);
  expect(await mail.counted('kept')).toBe(1);
  expect(await mail.counted('empty')).toBe(1);
  expect(box.mails).toEqual([]);
});

test('[RUN-54] it ends once and for good: nobody finds its room, what was sold stays, its id is not used again', async () => {
  const asked = asking();
  await create(asked);
  const buyer = shopper(sale, asked.eventId);
  const { body: hold } = await buyer.hold(2, { tier: 'floor' });
  const { body: order } = await buyer.order(hold.holdId);
  await buyer.pay(order);
  const { body: before } = await ask<RehearsalState>('GET', `/internal/rehearsals/${asked.eventId}`);
  expect(before.endedAtMs).toBeNull();

  // Whoever changes the policy meanwhile does so before, or finds nothing.
  const path = `/internal/rooms/${asked.eventId}`;
  const patch = { body: { actor: 'otto', patch: { open: true, paused: true } } };
  const [first, second] = await Promise.all([
    end(asked.eventId),
    end(asked.eventId, 1),
    ask('PATCH', path, patch),
  ]);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(first.body.endedAtMs).toBe(second.body.endedAtMs);
  expect((await end(asked.eventId)).body).toEqual(first.body);
  expect(first.body.room.open).toBe(false);
  expect(first.body.room.version).toBeGreaterThan(before.room.version);
  expect((await auditOf(asked.eventId)).filter(({ action }) => action === 'rehearsal.ended')).toHaveLength(1);

  for (const [method, at, with_] of [
    ['GET', path, {}],
    ['PATCH', path, patch],
    ['POST', `${path}/seed`, { body: { actor: 'otto' } }],
  ] as const) {
    expect((await ask(method, at, with_)).body.code, `${method} ${at}`).toBe('eventUnknown');
  }
  const { body } = await ask<{ rooms: { eventId: string }[] }>('GET', '/internal/rooms');
  expect(body.rooms.map(({ eventId }) => eventId)).not.toContain(asked.eventId);
  expect((await buyer.lookOrder(order)).body.state).toBe('paid');
  expect((await ask('GET', `${path}/admissions`)).status).toBe(200);
  expect((await create(asked)).body.code).toBe('rehearsalTaken');

  for (const [eventId, code] of [
    ['club-night', 'notARehearsal'],
    ['rehearsal-nothing', 'eventUnknown'],
  ] as const) {
    expect((await end(eventId)).body.code).toBe(code);
  }
  expect((await ask<{ open: boolean }>('GET', '/internal/rooms/club-night')).body.open).toBe(true);
});
