import type { Stock } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { each, reused } from '../service/flight.ts';

/** What those who were let in do: tickets bought per fan, no-shows among them, and how many have held tickets now. */
export type Habits = Pick<Stock, 'perFan' | 'holders'>;

/**
 * Read at most once in limits.habitsEveryMs for an event. Every turn is counted once, when it is over: a batch is once its
 * offers and sessions must have ended, so who bought quickly does not count before who was let in with him and did not. What
 * was counted fades with every fan after it. A process that begins counts from the first batch on, a page at a time.
 */
export function openHabits(db: Db): (eventId: string) => Promise<Habits> {
  const readers = each((eventId) => {
    const counted = { upTo: '0', fans: 0, sum: 0, squares: 0 };
    return reused(async () => {
      const [next, holders] = await Promise.all([
        turnsOver(db, eventId, counted.upTo),
        holdersOf(db, eventId),
      ]);
      const kept = (1 - 1 / limits.perFanMemory) ** next.fans;
      counted.upTo = next.upTo ?? counted.upTo;
      counted.fans = counted.fans * kept + next.fans;
      counted.sum = counted.sum * kept + next.sum;
      counted.squares = counted.squares * kept + next.squares;
      return { perFan: perFanOf(counted), holders };
    }, limits.habitsEveryMs);
  });
  return (eventId) => readers(eventId)();
}

function perFanOf({ fans, sum, squares }: { fans: number; sum: number; squares: number }): Stock['perFan'] {
  if (fans < limits.perFanMin) return null;
  const mean = sum / fans;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / fans - mean ** 2)), fans: Math.floor(fans) };
}

/** The turns of the next batches that are over, and the last of these batches. */
async function turnsOver(
  db: Db,
  eventId: string,
  after: string,
): Promise<{ upTo: string | null; fans: number; sum: number; squares: number }> {
  const { rows } = await sql<{ upTo: string | null; fans: number; sum: number; squares: number }>`
    with over as (
      select b.id from batches b join rooms r using (event)
      where b.event = ${eventId} and b.id > ${after}::bigint
        and b.recorded_at < sale_clock() - (r.claim_window_ms + r.session_ttl_ms) * interval '1 millisecond'
      order by b.id limit ${limits.habitsPageBatches}
    ),
    turns as (
      select coalesce((
        select sum(h.quantity) from holds h
        where h.event = a.event and h.place = a.place and h.turn = a.turn and h.expires_at = 'infinity'
      ), 0)::int bought
      from admissions a join over on over.id = a.batch_id
    )
    select (select max(id) from over)::text "upTo", count(*)::int fans, coalesce(sum(bought), 0)::int sum,
      coalesce(sum(bought * bought), 0)::int squares
    from turns`.execute(db);
  return rows[0]!;
}

/** Of holds and not of tickets: a stadium has a hundred times as many of those, and this is read each second. */
async function holdersOf(db: Db, eventId: string): Promise<number> {
  const { rows } = await sql<{ holders: number }>`
    with clock as materialized (select sale_clock() at)
    select count(*)::int holders from holds, clock
    where event = ${eventId} and expires_at > clock.at and expires_at < 'infinity'`.execute(db);
  return rows[0]!.holders;
}
