import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { each, reused } from '../service/flight.ts';

/** Always free + held + sold = the tier's capacity: one statement, one snapshot, one reading of the clock. */
export interface Count {
  readonly free: number;
  readonly held: number;
  readonly sold: number;
}

export interface StockCount {
  readonly tiers: ReadonlyMap<string, Count>;
  readonly total: Count;
  readonly asOfMs: number;
}

/** Stock of an event by the database's clock. Only for events that are known: each has a place in memory. */
export type Stock = (eventId: string) => Promise<StockCount>;

/** @param maxAgeMs how long an answer is given again */
export function openStock(db: Db, maxAgeMs: number = limits.stockMaxAgeMs): Stock {
  const counters = each((eventId) => reused(() => countStock(db, eventId), maxAgeMs));
  return (eventId) => counters(eventId)();
}

const NOTHING: Count = { free: 0, held: 0, sold: 0 };

async function countStock(db: Db, eventId: string): Promise<StockCount> {
  const { rows } = await sql<Count & { tier: string; at: Date }>`
    with clock as materialized (select sale_clock() at)
    select tier, clock.at,
      (count(*) filter (where free_at <= clock.at))::int free,
      (count(*) filter (where free_at > clock.at and free_at < 'infinity'))::int held,
      (count(*) filter (where free_at = 'infinity'))::int sold
    from tickets, clock where event = ${eventId}
    group by tier, clock.at`.execute(db);
  const tiers = new Map(rows.map(({ tier, free, held, sold }) => [tier, { free, held, sold }]));
  const total = [...tiers.values()].reduce(
    (sum, { free, held, sold }) => ({
      free: sum.free + free,
      held: sum.held + held,
      sold: sum.sold + sold,
    }),
    NOTHING,
  );
  return { tiers, total, asOfMs: rows[0]?.at.getTime() ?? Date.now() };
}

export const countOf = (stock: StockCount, tierId: string): Count => stock.tiers.get(tierId) ?? NOTHING;
