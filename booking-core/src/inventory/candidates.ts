import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { oneAtATime } from '../service/flight.ts';
import type { Count } from './stock.ts';
import { type Walk, walked } from './walk.ts';

/** What the database says of one tier, but for its accessible seats: how many, and which are free, in order of seats. */
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
  /**
   * The end of the read that is under way, or of one begun now: for who does not need one that is newer than his call, only
   * tickets. Who began it and who joined go on in the order in which they came.
   */
  reloaded(): Promise<unknown>;
  /** When what is proposed now has been judged: then a read tells what became of it. */
  settled(): Promise<void>;
}

/** @param walk how this process goes through the list; two that went alike would lose half their claims to each other. */
export function candidatesOf(find: () => Promise<Found>, walk: () => Promise<Walk>): Candidates {
  let list: readonly number[] = [];
  let next = 0;
  let unused: number[] = [];
  const proposed = new Set<number>();
  /** What is or was proposed while a reload runs: what it reads as free may be taken by the time it is read. */
  let proposedMeanwhile: Set<number> | undefined;
  let underway: Promise<unknown> | undefined;
  /** What was proposed when somebody began to wait for its end; all who wait meanwhile share it. */
  let settling: { left: Set<number>; promise: Promise<void>; resolve: () => void } | undefined;

  const read = async (): Promise<Count> => {
    proposedMeanwhile = new Set(proposed);
    // They are free, so the reload finds them again, but for those that are proposed meanwhile.
    unused = [];
    try {
      const way = await walk();
      const { count, free } = await find();
      const open = free.filter((id) => !proposedMeanwhile!.has(id));
      list = walked(open, way).slice(0, limits.candidatesMax);
      next = 0;
      return count;
    } finally {
      proposedMeanwhile = undefined;
      underway = undefined;
    }
  };
  const reload = oneAtATime(() => {
    const reading = read();
    underway = reading.catch(() => {});
    return reading;
  });

  return {
    take(quantity) {
      const fromUnused = unused.length >= quantity;
      if (!fromUnused && next + quantity > list.length) return undefined;
      const tickets = fromUnused ? unused.splice(-quantity) : list.slice(next, next + quantity);
      if (!fromUnused) next += quantity;
      for (const id of tickets) {
        proposed.add(id);
        proposedMeanwhile?.add(id);
      }
      return tickets;
    },
    settle(tickets, became) {
      for (const id of tickets) {
        proposed.delete(id);
        settling?.left.delete(id);
      }
      if (settling?.left.size === 0) {
        settling.resolve();
        settling = undefined;
      }
      if (became === 'unused') unused.push(...tickets);
    },
    reload,
    async settled() {
      if (proposed.size === 0) return;
      settling ??= { left: new Set(proposed), ...Promise.withResolvers<void>() };
      await settling.promise;
    },
    reloaded() {
      if (underway === undefined) void reload().catch(() => {});
      return underway!;
    },
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
    from tickets, clock where event = ${eventId} and tier = ${tierId} and access is null`.execute(db);
  const { ids, ...count } = rows[0]!;
  return { count, free: ids === null ? [] : ids.split(',').map(Number) };
}
