import { randomUUID } from 'node:crypto';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { reused } from '../service/flight.ts';

/** How a process goes through a list of free tickets: where it begins (0 is the front, 1 the end), and which way. */
export interface Walk {
  readonly start: number;
  readonly down: boolean;
}

/**
 * The walk of each place: 0 from the front, 1 from the end towards it, 2 and 3 from the middle both ways, then from the
 * quarters, the eighths. Neighbours walk towards each other, so two processes meet when the tickets between them are sold:
 * of the first two, when all are.
 */
export function walkOf(place: number): Walk {
  if (place < 2) return { start: place, down: place === 1 };
  const level = Math.floor(Math.log2(place));
  const nth = place - 2 ** level;
  return { start: (2 * Math.floor(nth / 2) + 1) / 2 ** level, down: nth % 2 === 0 };
}

/** The free tickets in the order in which this walk comes by them. */
export function walked(free: readonly number[], { start, down }: Walk): number[] {
  const way = down ? free.toReversed() : free;
  const first = Math.floor((down ? 1 - start : start) * way.length);
  return [...way.slice(first), ...way.slice(0, first)];
}

/** This process's walk. Its place is kept in the database and renewed; one that a process left behind is given away. */
export function openWalk(db: Db): () => Promise<Walk> {
  const process = randomUUID();
  return reused(async () => {
    const { rows } = await sql<{ place: number }>`
      select take_walk(${process}::uuid, ${limits.walkStaleMs}) place`.execute(db);
    return walkOf(rows[0]!.place);
  }, limits.walkRenewMs);
}
