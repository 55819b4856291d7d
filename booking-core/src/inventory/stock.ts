import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { each, reused } from '../service/flight.ts';

export interface Count {
  readonly free: number;
  readonly held: number;
  readonly sold: number;
}

/** Always free + held + sold + blocked = the tier's capacity: one statement, one snapshot, one reading of the clock. */
export interface TierStock extends Count {
  /** Taken off sale by operators. */
  readonly blocked: number;
  /** Of the free ones: wheelchair spaces and companion seats. */
  readonly accessibleFree: number;
  /** Of the held ones: free again within limits.returnsAheadMs, if nobody buys them. */
  readonly lapsing: number;
}

export interface StockCount {
  readonly tiers: ReadonlyMap<string, TierStock>;
  readonly total: TierStock;
  /** When the last of the held tickets is free again, if nobody buys it; null when none is held. */
  readonly heldUntilMs: number | null;
  readonly asOfMs: number;
}

/** Stock of an event by the database's clock. Only for events that are known: each has a place in memory. */
export type Stock = (eventId: string) => Promise<StockCount>;

/** @param maxAgeMs how long an answer is given again */
export function openStock(db: Db, maxAgeMs: number = limits.stockMaxAgeMs): Stock {
  const counters = each((eventId) => reused(() => countStock(db, eventId), maxAgeMs));
  return (eventId) => counters(eventId)();
}

const NOTHING: TierStock = { free: 0, held: 0, sold: 0, blocked: 0, accessibleFree: 0, lapsing: 0 };

async function countStock(db: Db, eventId: string): Promise<StockCount> {
  const { rows } = await sql<TierStock & { tier: string; at: Date; until: Date | null }>`
    with clock as materialized (select sale_clock() at)
    select tier, clock.at,
      max(free_at) filter (where free_at > clock.at and free_at < 'infinity') until,
      (count(*) filter (where free_at <= clock.at))::int free,
      (count(*) filter (where free_at > clock.at and free_at < 'infinity'))::int held,
      (count(*) filter (where free_at = 'infinity' and hold is not null))::int sold,
      (count(*) filter (where free_at = 'infinity' and hold is null))::int blocked,
      (count(*) filter (where free_at <= clock.at and access is not null))::int "accessibleFree",
      (count(*) filter (where free_at > clock.at
        and free_at <= clock.at + ${limits.returnsAheadMs} * interval '1 millisecond'))::int lapsing
    from tickets, clock where event = ${eventId}
    group by tier, clock.at`.execute(db);
  const tiers = new Map(rows.map(({ tier, at: _at, until: _until, ...count }) => [tier, count]));
  const total = [...tiers.values()].reduce(
    (sum, { free, held, sold, blocked, accessibleFree, lapsing }) => ({
      free: sum.free + free,
      held: sum.held + held,
      sold: sum.sold + sold,
      blocked: sum.blocked + blocked,
      accessibleFree: sum.accessibleFree + accessibleFree,
      lapsing: sum.lapsing + lapsing,
    }),
    NOTHING,
  );
  const untilMs = rows.flatMap(({ until }) => (until === null ? [] : [until.getTime()]));
  const heldUntilMs = untilMs.length === 0 ? null : Math.max(...untilMs);
  return { tiers, total, heldUntilMs, asOfMs: rows[0]?.at.getTime() ?? Date.now() };
}

/** Tickets that anyone can hold now, and those in holds, of the whole event. */
export const leftOf = ({ total }: StockCount): Pick<Count, 'free' | 'held'> => ({
  free: total.free - total.accessibleFree,
  held: total.held,
});

export const countOf = (stock: StockCount, tierId: string): TierStock => stock.tiers.get(tierId) ?? NOTHING;
