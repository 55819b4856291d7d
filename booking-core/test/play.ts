import { randomUUID } from 'node:crypto';
import type { Hold } from '@onsale/shared/http/holds';
import type { Order } from '@onsale/shared/http/orders';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { runs } from '../../test/depth.ts';
import { cancelEvent } from '../src/orders/cancel-event.ts';
import { readOrder } from '../src/orders/facts.ts';
import { refundOrder } from '../src/orders/refund.ts';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { cancelLapsing } from '../src/payments/lapsing.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import {
  BUYERS,
  CAPACITY,
  HOLD_TTL_MS,
  type Of,
  type RandomSale,
  ROWS,
  type Step,
  sales,
  TIERS,
} from './interleave.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { type Answer, SERVICE_TOKEN, type Shopper, shopper, type TestSale } from './sale.ts';
import { ask, putSeatsOnSale } from './seated.ts';

const LIMIT = 4;
type Wanted = 'hold' | 'choose' | 'best';
/** What a request for tickets may be refused for. */
const HELD_BACK = [
  'notEnough',
  'soldOut',
  'buyerLimit',
  'idempotencyMismatch',
  'seatsTaken',
  'notTogether',
  'eventCancelled',
];

/**
 * Plays random sales on both cores. The oracles are the promises alone, after every round; they know nothing of how holds
 * or payments work.
 */
export async function playSales(
  sale: TestSale,
  { usual, deep, seed }: { usual: number; deep: number; seed: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(sales, (one) => played(sale, one)),
    { numRuns: runs(usual, deep), seed, endOnFailure: true },
  );
}

/** One sale of one event; what the fans themselves remember. */
async function played(sale: TestSale, { seated, rounds }: RandomSale): Promise<void> {
  const { db } = sale.database;
  const event = seated
    ? (await putSeatsOnSale(sale, ROWS, { buyerLimit: LIMIT })).event
    : await sale.putOnSale({ tiers: TIERS, buyerLimit: LIMIT });
  await sql`update events set cancel_until = sale_clock() + interval '1 day', hold_ttl_ms = ${HOLD_TTL_MS}
    where id = ${event}`.execute(db);
  const seats = (
    await db.selectFrom('tickets').select('id').where('event', '=', event).orderBy('id').execute()
  ).map(({ id }) => id);
  const buyers = Array.from({ length: BUYERS }, () => randomUUID());
  const holds: Array<{ buyer: string; holdId: string }> = [];
  const orders: Array<Pick<Order, 'orderId' | 'orderToken'>> = [];
  const answers = new Map<string, string>();
  let cancelled = false;

  const fanOf = (number: number, core: number): Shopper =>
    shopper(sale, event, { buyer: buyers[number]!, core });
  const someHold = ({ pick, core }: { pick: number; core: number }) => {
    const one = holds[pick % Math.max(1, holds.length)];
    return one && { ...one, fan: shopper(sale, event, { buyer: one.buyer, core }) };
  };

  const heard = (it: Of<Wanted>, { body }: Answer<{ holdId: string; state: string; tickets: unknown[] }>) => {
    if (body.holdId === undefined) {
      expect(seated ? HELD_BACK : [...HELD_BACK, 'ticketUnknown']).toContain(body.code);
      return false;
    }
    // What was paid for late may have become others of its tier, and some may have been given back since.
    const untouched = body.state === 'held' || body.state === 'expired';
    const quantity = it.do === 'choose' ? it.seats.length : it.quantity;
    if (untouched) expect(body.tickets).toHaveLength(quantity);
    // BOOK-7: one key, one hold, with the same tickets for ever.
    const name = `${buyers[it.buyer]}/${it.key}`;
    const seen = JSON.stringify([body.holdId, body.tickets]);
    if (untouched) expect(answers.get(name) ?? seen).toBe(seen);
    answers.set(name, seen);
    holds.push({ buyer: buyers[it.buyer]!, holdId: body.holdId });
    return true;
  };

  const does: { [Do in Step['do']]: (it: Of<Do>, alone: boolean) => Promise<void> } = {
    async hold(it, alone) {
      const answer = await fanOf(it.buyer, it.core).hold(it.quantity, { tier: it.tier, key: `k${it.key}` });
      const { code, free, held } = answer.body;
      if (heard(it, answer) || (code !== 'notEnough' && code !== 'soldOut')) return;
      expect(free, 'BOOK-4: refused while enough is free').toBeLessThan(it.quantity);
      if (!alone) return;
      const stock = await tierStock(sale, event, it.tier);
      expect({ free, held }, 'BOOK-6').toEqual(stock);
      expect(code, 'sold out means sold').toBe(stock.free + stock.held === 0 ? 'soldOut' : 'notEnough');
    },
    async choose(it) {
      const chosen = it.seats.map((at) => seats[at]!);
      const answer = await fanOf(it.buyer, it.core).choose(chosen, { key: `k${it.key}` });
      if (!heard(it, answer)) {
        if (answer.body.code === 'seatsTaken')
          expect(chosen).toEqual(expect.arrayContaining(answer.body.taken!));
      } else if (answer.body.state === 'held') {
        expect(answer.body.tickets.map(({ ticketId }) => ticketId).sort()).toEqual([...chosen].sort());
      }
    },
    async best({ quantity, together, ...it }) {
      const answer = await ask<Hold>(
        fanOf(it.buyer, it.core),
        event,
        { best: { quantity, together } },
        `k${it.key}`,
      );
      const held = heard({ ...it, quantity, together }, answer);
      if (held || answer.body.code !== 'notEnough') return;
      expect(answer.body.free, 'BOOK-4: refused while enough is free').toBeLessThan(quantity);
    },
    async release(it) {
      const { status, body } = (await someHold(it)?.fan.release(someHold(it)!.holdId)) ?? { status: 204 };
      if (status !== 204) expect(body!.code).toBe('orderClosed');
    },
    async extend(it) {
      const one = someHold(it);
      if (one === undefined) return;
      const { status, body } = await one.fan.extend(one.holdId, `x${it.key}`);
      if (status !== 200) {
        expect(['holdExpired', 'orderClosed', 'extensionSpent', 'idempotencyMismatch']).toContain(body.code);
      }
    },
    async pay(it) {
      const one = someHold(it);
      if (one === undefined) return;
      const { body: order } = await one.fan.order(one.holdId);
      if (order.orderId === undefined) return;
      orders.push(order);
      sale.provider.mishaps.push(it.mishap);
      if (it.lateMs > 0) {
        sale.provider.beforeCharge = async () => {
          sale.provider.beforeCharge = async () => {};
          await sale.moveClock(it.lateMs);
        };
      }
      const key = randomUUID();
      const tries = Array.from({ length: it.again ? 2 : 1 }, () =>
        one.fan.pay(order, { key, method: it.method }),
      );
      for (const { body, status } of await Promise.all(tries)) {
        if (status === 200) {
          expect(['paid', 'partlyRefunded', 'pending', 'refunded', 'cancelled', 'expired']).toContain(
            body.state,
          );
        } else {
          expect(['paymentDeclined', 'holdExpired', 'orderClosed', 'inFlight', 'eventCancelled']).toContain(
            body.code,
          );
        }
      }
    },
    async giveBack(it) {
      const { orderId } = orders[it.pick % Math.max(1, orders.length)] ?? {};
      if (orderId === undefined) return;
      const { tickets } = await readOrder(db, orderId);
      const some = it.all ? {} : { tickets: tickets.slice(0, 1) };
      await sale.database
        .retrying(() =>
          refundOrder(
            db,
            { orderId, key: `k${it.key}`, why: 'a wish', became: it.became, ...some },
            { actor: 'opal' },
          ),
        )
        .catch((fault) => {
          expect(['orderNotPaid', 'ticketUnknown', 'idempotencyMismatch']).toContain(fault.code);
        });
    },
    async cancelOrder(it) {
      const order = orders[it.pick % Math.max(1, orders.length)];
      if (order === undefined) return;
      const { status, body } = await fanOf(0, it.core).send(
        'POST',
        `/api/v1/orders/${order.orderId}/cancellation`,
        {
          token: order.orderToken,
        },
      );
      if (status !== 200) expect(['orderNotPaid', 'cancellationClosed']).toContain(body.code);
    },
    async cancelEvent() {
      cancelled = true;
      await cancelEvent(sale.database, event, { why: 'rain' }, { actor: 'opal' });
    },
    async block(it) {
      const response = await sale.cores[it.core]!.internalApp.request(
        `/internal/events/${event}/stock-moves`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            actor: 'opal',
            key: randomUUID(),
            asked: { move: it.move, tickets: { tierId: it.tier, quantity: it.quantity }, why: 'a camera' },
          }),
        },
      );
      if (response.status !== 200) expect((await response.json()).code).toBe('notEnough');
    },
    /** Each event that is due twice at once, beside the times it is sent anyway. */
    async deliver() {
      await Promise.all([sale.deliver(), sale.deliver()]);
    },
    async lapse() {
      await cancelLapsing(db, sale.payments, 1_500);
    },
    async reconcile() {
      await reconcile(db, sale.payments, 0);
      await refundCancelled(sale.database, sale.payments);
    },
  };
  const run = (it: Step, alone: boolean): Promise<void> => does[it.do](it as never, alone);

  for (const { clockMs, steps } of rounds) {
    await sale.moveClock(clockMs);
    await Promise.all(steps.map((it) => run(it, steps.length === 1)));
    expect(await brokenPromises(sale.database)).toEqual({});
    expect(sale.faults).toEqual([]);
  }

  sale.provider.mishaps.length = 0;
  sale.provider.beforeCharge = async () => {};
  await reconcile(db, sale.payments, 0);
  while ((await refundCancelled(sale.database, sale.payments)) > 0);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database), 'PAY-1, PAY-4').toEqual([]);
  if (cancelled) await nothingSells(sale, event);
  else await everythingSells(sale, event);
}

const soldIn = async ({ database }: TestSale, event: string): Promise<number> => {
  const { rows } = await sql<{ lines: number }>`select count(*)::int lines from order_lines l
    join orders o on o.id = l."order" where o.event = ${event} and l.live`.execute(database.db);
  return rows[0]!.lines;
};

/** BOOK-3, BOOK-9: once every hold has run out, exactly what was not sold or blocked is there for new buyers, and then nothing. */
async function everythingSells(sale: TestSale, event: string): Promise<void> {
  await sale.moveClock(2 * HOLD_TTL_MS);
  const lines = await soldIn(sale, event);
  const { rows } = await sql<{ blocked: number }>`select count(*)::int blocked from tickets
    where event = ${event} and free_at = 'infinity' and hold is null`.execute(sale.database.db);
  let taken = 0;
  for (const tier of ['a', 'b'] as const) {
    const asked = await Promise.all(
      Array.from({ length: TIERS[tier] + 2 }, (_, n) =>
        shopper(sale, event, { core: n % 2 }).hold(1, { tier }),
      ),
    );
    taken += asked.filter(({ status }) => status === 201).length;
  }
  expect(taken + lines + rows[0]!.blocked).toBe(CAPACITY);
}

/** PAY-14: of a cancelled event nothing is held or sold, whatever a process still believes, and nobody's money is kept. */
async function nothingSells(sale: TestSale, event: string): Promise<void> {
  expect(await soldIn(sale, event)).toBe(0);
  for (const core of [0, 1]) {
    expect((await shopper(sale, event, { core }).hold(1)).body.code).toBe('eventCancelled');
  }
}

async function tierStock(
  { database }: TestSale,
  event: string,
  tier: string,
): Promise<{ free: number; held: number }> {
  const { rows } = await sql<{ free: number; held: number }>`
    with clock as materialized (select sale_clock() at)
    select (count(*) filter (where free_at <= at))::int free,
      (count(*) filter (where free_at > at and free_at < 'infinity'))::int held
    from tickets, clock where event = ${event} and tier = ${tier}`.execute(database.db);
  return rows[0]!;
}
