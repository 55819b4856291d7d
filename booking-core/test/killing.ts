import type { Order } from '@onsale/shared/http/orders';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { runs } from '../../test/depth.ts';
import type { Moment } from '../../test/statements.ts';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { cancelLapsing } from '../src/payments/lapsing.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import type { TestSale } from './sale.ts';
import { startVictim, type Victim } from './victim.ts';

/** Tickets of each order that is killed at. */
export const QUANTITY = 2;
const SIDE_BY_SIDE = 3;
/** More statements than any of these needs; the rounds end where the work ends. */
export const STATEMENTS_MAX = 60;

/**
 * What stands in Postgres after a statement and before the next is the same: `bin/test` takes the moment after each, which is
 * every state there is but the first, and `--all` both.
 */
export const momentsOf = (): readonly Moment[] => (runs(1, 2) === 1 ? ['after'] : ['before', 'after']);

export interface Killing<Prepared> {
  readonly prepare: () => Promise<Prepared>;
  readonly work: (victim: Victim, prepared: Prepared) => Promise<Response>;
}

/** Kills a process at every statement of the work until there is none left. @returns what they were at */
export async function killEverywhere<Prepared>(
  sale: TestSale,
  { prepare, work }: Killing<Prepared>,
): Promise<Prepared[]> {
  const hit: Prepared[] = [];
  let next = 1;
  let over = false;
  const rounds = async (): Promise<void> => {
    while (!over && next <= STATEMENTS_MAX) {
      const n = next;
      next += 1;
      for (const moment of momentsOf()) {
        const [prepared, victim] = await Promise.all([prepare(), startVictim(sale)]);
        try {
          const killed = await victim.killedAt(n, moment, async () => {
            expect((await work(victim, prepared)).status).toBe(200);
          });
          if (!killed) over = true;
          hit.push(prepared);
        } finally {
          await victim.stop();
        }
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, rounds));
  expect(over, `more than ${STATEMENTS_MAX} statements`).toBe(true);
  return hit;
}

export const post = (url: string, token: string, body?: object, key?: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

export async function chores({ database, payments }: TestSale): Promise<void> {
  await cancelLapsing(database.db, payments);
  await reconcile(database.db, payments, 0);
  await refundCancelled(database, payments);
}

/** What became of an order's money, and of its tickets. */
async function factsOf({ database }: TestSale, orderId: string) {
  const { rows } = await sql<{ state: string; taken: number; back: number; tickets: number }>`
    select o.state,
      coalesce(sum(c.amount_minor) filter (where c.state = 'captured'), 0)::int taken,
      coalesce(sum(c.refunded_minor), 0)::int back,
      (select count(*)::int from order_lines l where l."order" = o.id and l.live) tickets
    from orders o left join payments p on p."order" = o.id left join sandbox_charges c on c.id = p.id
    where o.id = ${orderId} group by o.id`.execute(database.db);
  return rows[0]!;
}

/** Tickets and their money, or neither: never both, never one of the two. @returns how many orders are in which state */
export async function eitherOr(
  sale: TestSale,
  orders: ReadonlyArray<Pick<Order, 'orderId' | 'totalMinor'>>,
): Promise<Record<string, number>> {
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database)).toEqual([]);
  const states: Record<string, number> = {};
  for (const { orderId, totalMinor } of orders) {
    const { state, taken, back, tickets } = await factsOf(sale, orderId);
    const has = state === 'paid';
    expect({ state, tickets, keeps: taken - back }).toEqual({
      state,
      tickets: has ? QUANTITY : 0,
      keeps: has ? totalMinor : 0,
    });
    states[state] = (states[state] ?? 0) + 1;
  }
  expect(sale.faults).toEqual([]);
  return states;
}
