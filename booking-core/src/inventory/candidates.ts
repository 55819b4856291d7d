import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { oneAtATime } from '../service/flight.ts';
import type { Count } from './stock.ts';

/** What the database says of one tier: how many, and which are free, in order of seats. */
export interface Found {
  readonly count: Count;
  readonly free: readonly number[];
}

/**
 * The tickets of one tier that this process believes free, to be proposed to the database. A hint and no more: what is
 * lost to another process, ran out, or was released is seen at the next reload.
 */
export interface Candidates {
  /** Neighbours, as long as there are any; each ticket is given out once until it is settled. Undefined: too few are known. */
  take(quantity: number): readonly number[] | undefined;
  /** What became of the proposal: unused ones (the hold was refused for another reason) are proposed again. */
  settle(tickets: readonly number[], became: 'judged' | 'unused'): void;
  /** Reads the tier anew; the answer is never older than the call. Many callers share one read. */
  reload(): Promise<Count>;
}

/**
 * @param startAt where in the list of free tickets this process begins (0 to 1). Processes that begin at random places and
 *   walk the same way meet seldom; two that proposed from one end would lose half their claims to each other.
 */
export function candidatesOf(find: () => Promise<Found>, startAt: () => number = Math.random): Candidates {
  let list: readonly number[] = [];
  let next = 0;
  let unused: number[] = [];
  const proposed = new Set<number>();

  const reload = oneAtATime(async () => {
    const proposedBefore = new Set(proposed);
    const { count, free } = await find();
    const open = free.filter((id) => !proposed.has(id) && !proposedBefore.has(id));
    const start = Math.floor(startAt() * open.length);
    list = [...open.slice(start), ...open.slice(0, start)].slice(0, limits.candidatesMax);
    next = 0;
    unused = [];
    return count;
  });

  return {
    take(quantity) {
      const fromUnused = unused.length >= quantity;
      if (!fromUnused && next + quantity > list.length) return undefined;
      const tickets = fromUnused ? unused.splice(-quantity) : list.slice(next, next + quantity);
      if (!fromUnused) next += quantity;
      for (const id of tickets) proposed.add(id);
      return tickets;
    },
    settle(tickets, became) {
      for (const id of tickets) proposed.delete(id);
      if (became === 'unused') unused.push(...tickets);
    },
    reload,
  };
}

/** One statement: the counts and the list are of the same moment. As text, which is parsed faster than an array. */
export async function findFree(db: Db, eventId: string, tierId: string): Promise<Found> {
  const { rows } = await sql<Count & { ids: string | null }>`
    with clock as materialized (select sale_clock() at)
    select (count(*) filter (where free_at <= clock.at))::int free,
      (count(*) filter (where free_at > clock.at and free_at < 'infinity'))::int held,
      (count(*) filter (where free_at = 'infinity'))::int sold,
      string_agg(id::text, ',' order by id) filter (where free_at <= clock.at) ids
    from tickets, clock where event = ${eventId} and tier = ${tierId}`.execute(db);
  const { ids, ...count } = rows[0]!;
  return { count, free: ids === null ? [] : ids.split(',').map(Number) };
}
