import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { readOrder } from '../src/orders/facts.ts';
import { refundOrder } from '../src/orders/refund.ts';
import { cancelLapsing } from '../src/payments/lapsing.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import type { Mishap } from './provider.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

/**
 * Random sales on two cores: rounds of steps that run at once, the clock moved and answers lost between and within them.
 * The oracles are the promises alone, after every round; they know nothing of how holds or payments work.
 */
const HOLD_TTL_MS = 10_000;
const LIMIT = 4;
const TIERS = { a: 9, b: 5 } as const;
const CAPACITY = 14;
const BUYERS = 5;

type Step =
  | { do: 'hold'; buyer: number; core: number; quantity: number; tier: 'a' | 'b'; key: number }
  | { do: 'release'; pick: number; core: number }
  | { do: 'pay'; pick: number; core: number; method: string; mishap: Mishap; lateMs: number; again: boolean }
  | { do: 'giveBack'; pick: number; all: boolean; became: 'refunded' | 'cancelled'; key: number }
  | { do: 'lapse' }
  | { do: 'reconcile' };
interface Round {
  readonly clockMs: number;
  readonly steps: readonly Step[];
}

const core = fc.nat({ max: 1 });
const pick = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      buyer: fc.nat({ max: BUYERS - 1 }),
      core,
      quantity: fc.integer({ min: 1, max: 5 }),
      tier: fc.constantFrom('a' as const, 'b' as const),
      key: fc.nat({ max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick, core }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      pick,
      core,
      method: fc.constantFrom('sandboxApprove', 'sandboxApprove', 'sandboxApprove', 'sandboxDecline'),
      mishap: fc.constantFrom<Mishap>('none', 'none', 'none', 'lostBefore', 'lostAfter'),
      lateMs: fc.constantFrom(0, 0, 0, HOLD_TTL_MS + 1),
      again: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('giveBack' as const),
      pick,
      all: fc.boolean(),
      became: fc.constantFrom('refunded' as const, 'cancelled' as const),
      key: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lapse' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconcile' as const) }) },
);
const sales: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    clockMs: fc.constantFrom(0, 0, 1_000, HOLD_TTL_MS / 2, HOLD_TTL_MS + 1),
    steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  }),
  { minLength: 2, maxLength: 10 },
);

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

interface Held {
  readonly buyer: string;
  readonly holdId: string;
}

/** One sale of one event; what the fans themselves remember. */
async function played(rounds: readonly Round[]): Promise<void> {
  const event = await sale.putOnSale({ tiers: TIERS, buyerLimit: LIMIT, holdTtlMs: HOLD_TTL_MS });
  const buyers = Array.from({ length: BUYERS }, () => randomUUID());
  const holds: Held[] = [];
  const orders: string[] = [];
  const answers = new Map<string, string>();

  const hold = async (it: Extract<Step, { do: 'hold' }>, alone: boolean): Promise<void> => {
    const buyer = buyers[it.buyer]!;
    const { body } = await shopper(sale, event, { buyer, core: it.core }).hold(it.quantity, {
      tier: it.tier,
      key: `k${it.key}`,
    });
    if (body.holdId === undefined) {
      expect(['notEnough', 'soldOut', 'buyerLimit', 'idempotencyMismatch']).toContain(body.code);
      if (body.code === 'notEnough' || body.code === 'soldOut') {
        expect(body.free, 'BOOK-4: refused while enough is free').toBeLessThan(it.quantity);
      }
      if (alone && (body.code === 'notEnough' || body.code === 'soldOut')) {
        const stock = await tierStock(event, it.tier);
        expect(body, 'BOOK-6').toMatchObject({ free: stock.free, held: stock.held });
        expect(body.code, 'sold out means sold').toBe(
          stock.free + stock.held === 0 ? 'soldOut' : 'notEnough',
        );
      }
      return;
    }
    // What was paid for late may have become others of its tier, and some may have been given back since.
    const untouched = body.state === 'held' || body.state === 'expired';
    if (untouched) expect(body.tickets).toHaveLength(it.quantity);
    // BOOK-7: one key, one hold, with the same tickets for ever.
    const name = `${buyer}/${it.key}`;
    const seen = JSON.stringify([body.holdId, body.tickets]);
    if (untouched) expect(answers.get(name) ?? seen).toBe(seen);
    answers.set(name, seen);
    holds.push({ buyer, holdId: body.holdId });
  };

  const pay = async (it: Extract<Step, { do: 'pay' }>): Promise<void> => {
    const { buyer, holdId } = holds[it.pick % holds.length]!;
    const fan = shopper(sale, event, { buyer, core: it.core });
    const { body: order } = await fan.order(holdId);
    if (order.orderId === undefined) return;
    orders.push(order.orderId);
    sale.provider.mishaps.push(it.mishap);
    if (it.lateMs > 0) {
      sale.provider.beforeCharge = async () => {
        sale.provider.beforeCharge = async () => {};
        await sale.moveClock(it.lateMs);
      };
    }
    const key = randomUUID();
    const tries = it.again
      ? [fan.pay(order, { key, method: it.method }), fan.pay(order, { key, method: it.method })]
      : [fan.pay(order, { key, method: it.method })];
    for (const { body, status } of await Promise.all(tries)) {
      if (status === 200) {
        expect(['paid', 'partlyRefunded', 'pending', 'refunded', 'cancelled', 'expired']).toContain(
          body.state,
        );
      } else expect(['paymentDeclined', 'holdExpired', 'orderClosed', 'inFlight']).toContain(body.code);
    }
  };

  const giveBack = async (it: Extract<Step, { do: 'giveBack' }>): Promise<void> => {
    const orderId = orders[it.pick % orders.length];
    if (orderId === undefined) return;
    const { tickets } = await readOrder(sale.database.db, orderId);
    await refundOrder(
      sale.database.db,
      {
        orderId,
        key: `k${it.key}`,
        why: 'a wish',
        became: it.became,
        ...(it.all ? {} : { tickets: tickets.slice(0, 1) }),
      },
      { actor: 'opal' },
    ).catch((fault) => {
      expect(['orderNotPaid', 'ticketUnknown', 'idempotencyMismatch']).toContain(fault.code);
    });
  };

  const run = async (it: Step, alone: boolean): Promise<void> => {
    if (it.do === 'hold') return hold(it, alone);
    if (it.do === 'giveBack') return giveBack(it);
    if (it.do === 'lapse') return void (await cancelLapsing(sale.database.db, sale.payments, 1_500));
    if (it.do === 'reconcile') return void (await reconcile(sale.database.db, sale.payments, 0));
    if (holds.length === 0) return;
    if (it.do === 'pay') return pay(it);
    const { buyer, holdId } = holds[it.pick % holds.length]!;
    const { status, body } = await shopper(sale, event, { buyer, core: it.core }).release(holdId);
    if (status !== 204) expect(body.code).toBe('orderClosed');
  };

  for (const { clockMs, steps } of rounds) {
    await sale.moveClock(clockMs);
    await Promise.all(steps.map((it) => run(it, steps.length === 1)));
    expect(await brokenPromises(sale.database)).toEqual({});
    expect(sale.faults).toEqual([]);
  }

  sale.provider.mishaps.length = 0;
  sale.provider.beforeCharge = async () => {};
  await reconcile(sale.database.db, sale.payments, 0);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database), 'PAY-1, PAY-4').toEqual([]);
  await everythingSells(event);
}

/** BOOK-3, BOOK-9: once every hold has run out, exactly what was not sold is there for new buyers, and then nothing. */
async function everythingSells(event: string): Promise<void> {
  await sale.moveClock(HOLD_TTL_MS + 1);
  const { rows } = await sql<{ lines: number }>`select count(*)::int lines from order_lines l
    join orders o on o.id = l."order" where o.event = ${event} and l.live`.execute(sale.database.db);
  let taken = 0;
  for (const tier of ['a', 'b'] as const) {
    const asked = await Promise.all(
      Array.from({ length: TIERS[tier] + 2 }, (_, n) =>
        shopper(sale, event, { core: n % 2 }).hold(1, { tier }),
      ),
    );
    taken += asked.filter(({ status }) => status === 201).length;
  }
  expect(taken + rows[0]!.lines).toBe(CAPACITY);
}

async function tierStock(event: string, tier: string): Promise<{ free: number; held: number }> {
  const { rows } = await sql<{ free: number; held: number }>`
    with clock as materialized (select sale_clock() at)
    select (count(*) filter (where free_at <= at))::int free,
      (count(*) filter (where free_at > at and free_at < 'infinity'))::int held
    from tickets, clock where event = ${event} and tier = ${tier}`.execute(sale.database.db);
  return rows[0]!;
}

test(
  '[BOOK-2] [BOOK-4] [BOOK-5] [BOOK-7] [BOOK-8] [BOOK-9] [BOOK-10] [PAY-1] [PAY-2] [PAY-4] [PAY-5] [PAY-10] [PAY-11] [PAY-12] any interleaving of holding, releasing, running out, paying, paying late, cancelling payments and giving back keeps the promises',
  async () => {
    await fc.assert(
      fc.asyncProperty(sales, async (rounds) => {
        await played(rounds);
      }),
      { numRuns: runs(25, 250), seed: 20_270_717, endOnFailure: true },
    );
  },
  runs(120_000, 1_200_000),
);
