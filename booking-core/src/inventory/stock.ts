import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { each, reused } from '../service/flight.ts';

export interface Count {
  readonly free: number;
  readonly held: number;
  readonly sold: number;
}

/** Always free + held + sold + blocked = the tier's capacity: what moves is one statement, one snapshot, one reading of the clock. */
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

/**
 * Stock of an event by the database's clock. Only for events that are known: each has a place in memory.
 * @param maxAgeMs how long ago it may have been counted, limits.stockMaxAgeMs by default
 */
export type Stock = (eventId: string, maxAgeMs?: number) => Promise<StockCount>;

/** @param maxAgeMs how long an answer is given again to who does not say otherwise */
export function openStock(db: Db, maxAgeMs: number = limits.stockMaxAgeMs): Stock {
  const counters = each((eventId) => {
    let known: readonly Capacity[] = [];
    return reused(async () => {
      // An event that is not there yet may come.
      if (known.length === 0) known = await readCapacities(db, eventId);
      return countStock(db, eventId, known);
    }, maxAgeMs);
  });
  return (eventId, ageMs) => counters(eventId)(ageMs);
}

const NOTHING: TierStock = { free: 0, held: 0, sold: 0, blocked: 0, accessibleFree: 0, lapsing: 0 };

/** How many tickets a tier has, and how many of them are wheelchair spaces and companion seats. */
interface Capacity {
  readonly tier: string;
  readonly tickets: number;
  readonly accessible: number;
}

/** Tickets come with their event and are never more or fewer (catalog/stage.ts): these are counted once. */
async function readCapacities(db: Db, eventId: string): Promise<readonly Capacity[]> {
  const { rows } = await sql<Capacity>`
    select tier, count(*)::int tickets, count(access)::int accessible
    from tickets where event = ${eventId} group by tier`.execute(db);
  return rows;
}

/** Of one tier, the tickets that somebody took or blocked, now or ever; `free` are those that came back. */
interface Touched extends TierStock {
  readonly tickets: number;
  readonly accessible: number;
  readonly until: Date | null;
}

/**
 * Only what was ever touched is counted, the others are what is left of the capacity: of a stadium that begins to sell these
 * are nearly all, and a count of them costs five times a look past them. Tickets that are alike are counted together first: by
 * hashing, because the planner does not know what '-infinity' is here. By its statistics, which are of before the sale, hardly
 * a ticket is touched, and it would sort them all.
 */
async function countStock(db: Db, eventId: string, capacities: readonly Capacity[]): Promise<StockCount> {
  // Without a touched ticket there is one row all the same: the clock's.
  const { rows } = await sql<Touched & { tier: string | null; at: Date }>`
    with clock as materialized (select sale_clock() at),
    alike as (
      select tier, greatest(free_at, (select at from clock)) until, count(*) n, count(hold) taken, count(access) accessible
      from tickets where free_at > (select timestamptz '-infinity') and event = ${eventId} group by 1, 2)
    select tier, clock.at, max(until) filter (where until > clock.at and until < 'infinity') until,
      coalesce(sum(n), 0)::int tickets,
      coalesce(sum(accessible), 0)::int accessible,
      coalesce(sum(n) filter (where until = clock.at), 0)::int free,
      coalesce(sum(n) filter (where until > clock.at and until < 'infinity'), 0)::int held,
      coalesce(sum(taken) filter (where until = 'infinity'), 0)::int sold,
      coalesce(sum(n - taken) filter (where until = 'infinity'), 0)::int blocked,
      coalesce(sum(accessible) filter (where until = clock.at), 0)::int "accessibleFree",
      coalesce(sum(n) filter (where until > clock.at
        and until <= clock.at + ${limits.returnsAheadMs} * interval '1 millisecond'), 0)::int lapsing
    from clock left join alike on true
    group by tier, clock.at`.execute(db);
  const touched = new Map(rows.map((row) => [row.tier, row]));
  const tiers = new Map(
    capacities.map(({ tier, tickets, accessible }) => {
      const of = touched.get(tier);
      if (of === undefined) return [tier, { ...NOTHING, free: tickets, accessibleFree: accessible }];
      const { held, sold, blocked, lapsing } = of;
      const free = tickets - of.tickets + of.free;
      const accessibleFree = accessible - of.accessible + of.accessibleFree;
      return [tier, { free, held, sold, blocked, accessibleFree, lapsing }];
    }),
  );
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
  return { tiers, total, heldUntilMs, asOfMs: rows[0]!.at.getTime() };
}

/** Tickets that anyone can hold now, and those in holds, of the whole event. */
export const leftOf = ({ total }: StockCount): Pick<Count, 'free' | 'held'> => ({
  free: total.free - total.accessibleFree,
  held: total.held,
});

export const countOf = (stock: StockCount, tierId: string): TierStock => stock.tiers.get(tierId) ?? NOTHING;
