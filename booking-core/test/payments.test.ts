import { verifyToken } from '@onsale/shared/tokens/hmac';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { reconcile } from '../src/payments/reconcile.ts';
import { openTransaction } from './blocked.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, type Shopper, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 2_000, b: 2_000 }, buyerLimit: 4, holdTtlMs: 60_000 });
});
afterAll(() => sale.close());
afterEach(async () => {
  sale.provider.mishaps.length = 0;
  sale.provider.beforeCharge = async () => {};
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

/** A buyer with an order of so many tickets. */
async function ordered(quantity = 2, buyer: Shopper = shopper(sale, event)) {
  const { body: hold } = await buyer.hold(quantity);
  const { body: order } = await buyer.order(hold.holdId);
  expect(order.state).toBe('pending');
  return { buyer, hold, order };
}

/** What the worker does when calls in flight have had their time. */
const settleAll = () => reconcile(sale.database.db, sale.payments, 0);
const paymentsOf = (orderId: string) =>
  sale.database.db.selectFrom('payments').select('state').where('order', '=', orderId).execute();

describe('paying', () => {
  test('[PAY-7] [PAY-1] a paid order has its tickets, each with a signed code of its own', async () => {
    const { buyer, hold, order } = await ordered(3);
    expect((await buyer.tickets(order)).body.tickets).toEqual([]);
    const { status, body: paid } = await buyer.pay(order);
    expect([status, paid.state, paid.totalMinor]).toEqual([200, 'paid', 300_00]);

    const { tickets } = (await buyer.tickets(order)).body;
    expect(tickets.map(({ ticketId }) => ticketId)).toEqual(hold.tickets.map(({ ticketId }) => ticketId));
    const codes = tickets.map(({ code }) => verifyToken(sale.ring, 'ticket', code, 0));
    expect(codes).toEqual(tickets.map(({ ticketId }) => ({ event, order: order.orderId, ticket: ticketId })));
    expect((await buyer.look(hold.holdId)).body.state).toBe('sold');
  });

  test('[PAY-2] [BOOK-7] one key pays once, from two processes at once; another key finds the order closed', async () => {
    const { buyer, order } = await ordered();
    const elsewhere = shopper(sale, event, { buyer: buyer.buyer, core: 1 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? buyer : elsewhere).pay(order, { key: 'once' })),
    );
    expect(answers.map(({ body }) => body.state)).toEqual(Array(12).fill('paid'));
    expect((await buyer.pay(order, { key: 'once' })).body.state).toBe('paid');
    expect((await buyer.pay(order, { key: 'once', method: 'sandboxSlow' })).body.code).toBe(
      'idempotencyMismatch',
    );
    expect((await buyer.pay(order, { key: 'again' })).body).toMatchObject({
      status: 409,
      code: 'orderClosed',
    });
    expect(await paymentsOf(order.orderId)).toHaveLength(1);
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-2] two keys, or two orders of one hold, are not paid at once', async () => {
    const { buyer, hold, order } = await ordered();
    const { body: second } = await buyer.order(hold.holdId, { name: 'Somebody Else' });
    const answers = await Promise.all([
      buyer.pay(order, { key: 'a' }),
      buyer.pay(order, { key: 'b' }),
      buyer.pay(second, { key: 'c' }),
    ]);
    expect(answers.filter(({ body }) => body.state === 'paid')).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 200)) {
      expect(['inFlight', 'orderClosed']).toContain(body.code);
    }
    const states = await Promise.all([order, second].map((one) => buyer.lookOrder(one)));
    expect(states.map(({ body }) => body.state).sort()).toEqual(['expired', 'paid']);
    expect((await buyer.order(hold.holdId)).body.code).toBe('orderClosed');
  });

  test('[PAY-6] a declined payment leaves the hold as it was, and paying may be tried again', async () => {
    const { buyer, hold, order } = await ordered();
    for (let again = 0; again < 2; again++) {
      const { status, body } = await buyer.pay(order, { key: 'bad-card', method: 'sandboxDecline' });
      expect([status, body.code]).toEqual([402, 'paymentDeclined']);
    }
    expect((await buyer.look(hold.holdId)).body).toMatchObject({
      state: 'held',
      expiresAtMs: hold.expiresAtMs,
    });
    expect((await buyer.pay(order)).body.state).toBe('paid');
  });

  test('[BOOK-7] an order of one key is one order; of another request it is refused', async () => {
    const buyer = shopper(sale, event);
    const { body: hold } = await buyer.hold(1);
    const [one, two] = await Promise.all([
      buyer.order(hold.holdId, { key: 'k' }),
      buyer.order(hold.holdId, { key: 'k' }),
    ]);
    expect(one.body.orderId).toBe(two.body.orderId);
    expect(one.body.orderToken).toBe(two.body.orderToken);
    expect((await buyer.order(hold.holdId, { key: 'k', name: 'Other' })).body.code).toBe(
      'idempotencyMismatch',
    );
    expect((await shopper(sale, event).order(hold.holdId)).body.code).toBe('holdUnknown');
  });
});

describe('payments whose answer is lost', () => {
  test.for(['lostBefore', 'lostAfter'] as const)(
    '[PAY-4] [PAY-2] charge %s: the order stays open, and is settled without anyone asking',
    async (mishap) => {
      const { buyer, order } = await ordered();
      sale.provider.mishaps.push(mishap);
      const { status, body } = await buyer.pay(order, { key: 'k' });
      expect([status, body.state]).toEqual([200, 'pending']);
      expect((await buyer.pay(order, { key: 'other' })).body.code).toBe('inFlight');
      await settleAll();
      expect((await buyer.lookOrder(order)).body.state).toBe('paid');
      await settleAll();
      expect(await unsettledMoney(sale.database)).toEqual([]);
    },
  );

  test('[PAY-4] asking again under the same key drives a lost payment on', async () => {
    const { buyer, order } = await ordered();
    sale.provider.mishaps.push('lostAfter');
    expect((await buyer.pay(order, { key: 'k' })).body.state).toBe('pending');
    expect((await buyer.pay(order, { key: 'k' })).body.state).toBe('paid');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-3] nothing is locked while the provider is at work', async () => {
    const { buyer, hold, order } = await ordered();
    const locked = { hold: true, claims: true };
    sale.provider.beforeCharge = async () => {
      const { db } = sale.database;
      const free = await db
        .selectFrom('holds')
        .select('id')
        .where('id', '=', hold.holdId)
        .forUpdate()
        .skipLocked()
        .execute();
      locked.hold = free.length === 0;
      locked.claims = (await shopper(sale, event).hold(1)).status !== 201;
    };
    expect((await buyer.pay(order)).body.state).toBe('paid');
    expect(locked).toEqual({ hold: false, claims: false });
  });
});

describe('a provider slower than anyone waits', () => {
  let impatient: TestSale;
  let here: string;
  beforeAll(async () => {
    impatient = await openSale({ slowMs: 600, waitMs: 200 });
    here = await impatient.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  });
  afterAll(() => impatient.close());

  test.for([
    { what: 'hangs once it has the money', method: 'sandboxApprove', mishap: 'hangsAfter' },
    { what: 'takes the money later', method: 'sandboxSlow', mishap: 'none' },
  ] as const)('[PAY-4] that $what: the order stays open and is settled by reconciliation', async (it) => {
    const { buyer, order } = await ordered(2, shopper(impatient, here));
    impatient.provider.mishaps.push(it.mishap);
    const { status, body } = await buyer.pay(order, { method: it.method });
    expect([status, body.state]).toEqual([200, 'pending']);
    await expect
      .poll(
        async () => {
          await reconcile(impatient.database.db, impatient.payments, 0);
          return (await buyer.lookOrder(order)).body.state;
        },
        { timeout: 20_000 },
      )
      .toBe('paid');
    expect(await unsettledMoney(impatient.database)).toEqual([]);
  });
});

describe('money that comes late', () => {
  /** Lets the hold run out while the provider is at work. */
  const lateBy = (during: () => Promise<unknown> = async () => {}) => {
    sale.provider.beforeCharge = async () => {
      sale.provider.beforeCharge = async () => {};
      await sale.moveClock(60_001);
      await during();
    };
  };

  test('[PAY-5] buys the same tickets when they are all still free', async () => {
    const { buyer, hold, order } = await ordered();
    lateBy();
    expect((await buyer.pay(order)).body.state).toBe('paid');
    expect((await buyer.tickets(order)).body.tickets.map(({ ticketId }) => ticketId)).toEqual(
      hold.tickets.map(({ ticketId }) => ticketId),
    );
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-5] [PAY-1] is given back when one of them is gone, with one refund and one entry in the audit', async () => {
    const small = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const { buyer, order } = await ordered(3, shopper(sale, small));
    const rival = shopper(sale, small, { core: 1 });
    lateBy(() => rival.hold(1));
    // The refund is lost once, so that it must be carried out later.
    sale.provider.mishaps.push('none', 'lostBefore');
    const { body } = await buyer.pay(order, { key: 'k' });
    expect(body.state).toBe('refunded');
    expect((await buyer.tickets(order)).body.tickets).toEqual([]);
    expect((await buyer.pay(order, { key: 'k' })).body.state).toBe('refunded');
    expect((await buyer.pay(order, { key: 'l' })).body.code).toBe('orderClosed');
    await Promise.all([settleAll(), settleAll()]);
    expect(await unsettledMoney(sale.database)).toEqual([]);

    const entries = await sale.database.db
      .selectFrom('audit')
      .select(['action', 'became'])
      .where('subject', '=', order.orderId)
      .orderBy('id')
      .execute();
    expect(entries.map(({ action }) => action)).toEqual(['order.created', 'order.refunded']);
    expect(entries[1]!.became, 'PAY-11').toEqual({ state: 'refunded', rung: 'moneyBack' });
    expect((await rival.hold(2)).status).toBe(201);
  });

  test('[PAY-11] buys as many others of the same tier when its own are gone, keeping those that are free; the audit says so', async () => {
    const small = await sale.putOnSale({ tiers: { a: 3, b: 3 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const { buyer, hold, order } = await ordered(2, shopper(sale, small));
    const [lost, kept] = hold.tickets.map(({ ticketId }) => ticketId) as [number, number];
    lateBy(async () => {
      // A rival has one of the two, and only that.
      const rival = shopper(sale, small, { core: 1 });
      const { body: rivals } = await rival.hold(3);
      await sql`update holds set tickets = array[${lost}::int], quantity = 1 where id = ${rivals.holdId}`.execute(
        sale.database.db,
      );
      await sql`update tickets set free_at = '-infinity' where hold = ${rivals.holdId} and id <> ${lost}`.execute(
        sale.database.db,
      );
    });
    const { body: paid } = await buyer.pay(order);
    expect(paid.state).toBe('paid');
    const bought = paid.tickets.map(({ ticketId }) => ticketId);
    expect(bought).toHaveLength(2);
    expect(bought).toContain(kept);
    expect(bought).not.toContain(lost);
    expect(paid.tickets.map(({ tierId }) => tierId)).toEqual(['a', 'a']);
    expect((await buyer.tickets(order)).body.tickets.map(({ ticketId }) => ticketId)).toEqual(bought);
    const { body: sold } = await buyer.look(hold.holdId);
    expect([sold.state, sold.tickets.map(({ ticketId }) => ticketId)]).toEqual(['sold', bought]);
    const entries = await sale.database.db
      .selectFrom('audit')
      .select(['became', 'why'])
      .where('subject', '=', order.orderId)
      .where('action', '=', 'order.paid')
      .execute();
    expect(entries).toEqual([
      {
        became: { state: 'paid', rung: 'equivalentTickets' },
        why: expect.stringContaining('others of the same tier'),
      },
    ]);
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-5] [BOOK-5] is given back when the buyer has taken his limit meanwhile', async () => {
    const { buyer, order } = await ordered(4);
    lateBy(() => shopper(sale, event, { buyer: buyer.buyer, core: 1 }).hold(4));
    expect((await buyer.pay(order)).body.state).toBe('refunded');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-5] a hold that was released while it was paid is bought if nobody took it', async () => {
    const { buyer, hold, order } = await ordered();
    sale.provider.beforeCharge = async () => {
      expect((await buyer.release(hold.holdId)).status).toBe(204);
    };
    expect((await buyer.pay(order)).body.state).toBe('paid');
    expect((await buyer.look(hold.holdId)).body.state).toBe('sold');
  });

  test('[PAY-5] buys them also when somebody had them meanwhile and gave them back', async () => {
    const small = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const { buyer, order } = await ordered(2, shopper(sale, small));
    lateBy(async () => {
      const rival = shopper(sale, small, { core: 1 });
      const { body: hold } = await rival.hold(1);
      expect((await rival.release(hold.holdId)).status).toBe(204);
    });
    expect((await buyer.pay(order)).body.state).toBe('paid');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[BOOK-5] while a settlement in time is not committed, its buyer’s hold does not count as run out', async () => {
    const { buyer, order } = await ordered(4);
    sale.provider.mishaps.push('lostAfter');
    expect((await buyer.pay(order)).body.state).toBe('pending');
    const { id } = await sale.database.db
      .selectFrom('payments')
      .select('id')
      .where('order', '=', order.orderId)
      .executeTakeFirstOrThrow();

    const settlement = await openTransaction(sale.url);
    const { rows } = await settlement.query('select settle_payment($1, false, gen_random_uuid()) became', [
      id,
    ]);
    expect(rows).toEqual([{ became: 'kept' }]);
    await sale.moveClock(60_001);
    const more = shopper(sale, event, { buyer: buyer.buyer, core: 1 }).hold(4);
    await settlement.metBy(more);
    await settlement.commit();
    expect((await more).body).toMatchObject({ code: 'buyerLimit', buyerMayTake: 0 });
    expect((await buyer.lookOrder(order)).body.state).toBe('paid');
  });
});
