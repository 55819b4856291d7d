import { randomUUID } from 'node:crypto';
import type { Order } from '@onsale/shared/http/orders';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refundOrder } from '../src/orders/refund.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

/** One buyer who asks 300 times at once, all through the life of what he gets. */
const ASKS = 300;
const LIMIT = 6;
const HOLD_TTL_MS = 60_000;

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

/** The most tickets the buyer was ever seen with, looked at on and on while the work is under way. */
async function mostHad(event: string, buyer: string, work: Promise<unknown>): Promise<number> {
  let most = 0;
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  do {
    const { rows } = await sql<{ had: number }>`with clock as materialized (select sale_clock() at)
      select coalesce(sum(quantity), 0)::int had from holds, clock
      where event = ${event} and buyer = ${buyer} and expires_at > clock.at`.execute(sale.database.db);
    most = Math.max(most, rows[0]!.had);
  } while (!over);
  await ended;
  return most;
}

test('[BOOK-5] [BOOK-8] one buyer asking 300 times at once never has more than the limit: through holding, running out, ordering, paying late and being refunded', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1_000 }, buyerLimit: LIMIT, holdTtlMs: HOLD_TTL_MS });
  const buyer = randomUUID();
  const at = (core: number) => shopper(sale, event, { buyer, core });
  const held = new Set<string>();
  let asked = 0;
  const askEverywhere = async (): Promise<void> => {
    const answers = await Promise.all(
      Array.from({ length: ASKS }, (_, n) => at(n % 2).hold((n % 3) + 1, { key: `k${asked++}` })),
    );
    for (const { status, body } of answers) {
      if (status === 201 && body.state === 'held') held.add(body.holdId);
      else if (status !== 201) expect(body.code).toBe('buyerLimit');
    }
  };
  const within = async (work: Promise<unknown>): Promise<void> => {
    expect(await mostHad(event, buyer, work)).toBeLessThanOrEqual(LIMIT);
    expect(await brokenPromises(sale.database)).toEqual({});
  };

  await within(askEverywhere());
  // All of it runs out while he asks.
  await within(Promise.all([askEverywhere(), sale.moveClock(HOLD_TTL_MS + 1), askEverywhere()]));

  const orders: Order[] = [];
  const buy = async (): Promise<void> => {
    for (const holdId of held) {
      const { body: order } = await at(0).order(holdId);
      if (order.orderId === undefined) continue;
      orders.push(order);
      await at(1).pay(order);
    }
  };
  await within(Promise.all([buy(), askEverywhere()]));

  // His money comes late, while he takes others.
  await sale.moveClock(HOLD_TTL_MS + 1);
  held.clear();
  for (const order of orders) await give(order.orderId);
  await askEverywhere();
  sale.provider.beforeCharge = async () => {
    sale.provider.beforeCharge = async () => {};
    await sale.moveClock(HOLD_TTL_MS + 1);
  };
  await within(Promise.all([buy(), askEverywhere()]));

  await within(
    Promise.all([...orders.map(({ orderId }) => give(orderId)), askEverywhere(), askEverywhere()]),
  );
  await reconcile(sale.database.db, sale.payments, 0);
  expect(await unsettledMoney(sale.database)).toEqual([]);
  expect(sale.faults).toEqual([]);
  await sale.moveClock(HOLD_TTL_MS + 1);
  expect((await shopper(sale, event).hold(LIMIT)).status).toBe(201);
});

const give = (orderId: string): Promise<void> =>
  sale.database
    .retrying(() =>
      refundOrder(
        sale.database.db,
        { orderId, key: 'once', why: 'a wish', became: 'refunded' },
        { actor: 'opal' },
      ),
    )
    .catch((fault) => expect(fault.code).toBe('orderNotPaid'));

test('[BOOK-5] [BOOK-8] 300 batches of one buyer, each from a connection of its own, give him the limit and no more', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1_000 }, buyerLimit: LIMIT });
  const buyer = randomUUID();
  const { rows: free } = await sql<{
    id: number;
  }>`select id from tickets where event = ${event} order by id`.execute(sale.database.db);
  // As many core processes would: nothing in a process's memory keeps them apart.
  const pool = new pg.Pool({ connectionString: sale.url, max: 2 * limits.coreConnectionsMax });
  try {
    const outcomes = await Promise.all(
      Array.from({ length: ASKS }, async (_, n) => {
        const { rows } = await pool.query(
          `select outcome from claim_holds($1, array[$2]::uuid[], array[$3]::uuid[], array['place'], array[1], array[1],
            decode(repeat('00', 16), 'hex'), array[0], array[$4]::int[]) where n > 0`,
          [event, randomUUID(), buyer, free[n]!.id],
        );
        return rows[0]?.outcome ?? 'held';
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(LIMIT);
    expect(outcomes.filter((outcome) => outcome === 'limit')).toHaveLength(ASKS - LIMIT);
  } finally {
    await pool.end();
  }
  expect(await brokenPromises(sale.database)).toEqual({});
});
