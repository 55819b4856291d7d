import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';

/** Whom a seat is kept for, as a number: it is asked of every seat of a row. */
export const ANYONE = 0;
export const WHEELCHAIR = 1;
export const COMPANION = 2;

/** One seat as it stands in its row. */
export interface PlacedSeat {
  readonly id: number;
  readonly tier: string;
  readonly section: string;
  readonly row: string;
  readonly seat: number;
  readonly access: 'wheelchair' | 'companion' | null;
  /** Rank from the stage, smaller is closer. */
  readonly distance: number;
}

/** Seats beside each other in one row of one tier: a gap in the numbers, or another tier, begins the next stretch. */
export interface Stretch {
  readonly tier: string;
  readonly section: string;
  /** Index of its first seat, and of the one behind its last. */
  readonly from: number;
  readonly to: number;
  /** Distance of its closest seat. */
  readonly nearest: number;
}

/** The seats of an event: what never changes. Seats are known by their index, which ascends along each stretch. */
export interface Layout {
  readonly seats: readonly PlacedSeat[];
  readonly ids: readonly number[];
  readonly indexOf: ReadonlyMap<number, number>;
  readonly access: Uint8Array;
  readonly distance: Int32Array;
  /** Closest to the stage first. */
  readonly stretches: readonly Stretch[];
  /** By seat: which stretch it is in. */
  readonly stretchOf: Int32Array;
}

/**
 * @param tie a number for each stretch: of two that are as close, the lower comes first. Processes that draw their own walk
 *   the stretches of one rank in different order, and meet seldom.
 */
export function layoutOf(seats: readonly PlacedSeat[], tie: () => number = Math.random): Layout {
  const placed = seats.toSorted(alongRows);
  const starts = placed.flatMap((seat, at) => (at > 0 && beside(placed[at - 1]!, seat) ? [] : [at]));
  const stretches = starts
    .map((from, n) => {
      const to = starts[n + 1] ?? placed.length;
      const { tier, section } = placed[from]!;
      const nearest = placed
        .slice(from, to)
        .reduce((least, seat) => Math.min(least, seat.distance), Infinity);
      return { tier, section, from, to, nearest, tie: tie() };
    })
    .sort((a, b) => a.nearest - b.nearest || a.tie - b.tie);
  const stretchOf = new Int32Array(placed.length);
  for (const [n, { from, to }] of stretches.entries()) stretchOf.fill(n, from, to);
  return {
    seats: placed,
    ids: placed.map(({ id }) => id),
    indexOf: new Map(placed.map(({ id }, at) => [id, at])),
    access: Uint8Array.from(placed, ({ access }) =>
      access === null ? ANYONE : access === 'wheelchair' ? WHEELCHAIR : COMPANION,
    ),
    distance: Int32Array.from(placed, ({ distance }) => distance),
    stretches,
    stretchOf,
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const alongRows = (a: PlacedSeat, b: PlacedSeat): number =>
  order(a.section, b.section) || order(a.row, b.row) || a.seat - b.seat;

const beside = (a: PlacedSeat, b: PlacedSeat): boolean =>
  a.section === b.section && a.row === b.row && a.seat + 1 === b.seat && a.tier === b.tier;

/** The numbered seats of an event; none of general admission. */
export async function readSeats(db: Db, eventId: string): Promise<PlacedSeat[]> {
  const { rows } = await sql<PlacedSeat>`
    select id, tier, section, "row", seat, access, distance
    from tickets where event = ${eventId} and section is not null`.execute(db);
  return rows;
}
