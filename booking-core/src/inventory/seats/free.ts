import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Count } from '../stock.ts';
import type { Wish } from './wish.ts';

/** One kind of seat, as the database counts it. */
interface Kind extends Count {
  readonly tier: string;
  readonly access: 'wheelchair' | 'companion' | null;
}

/** What the database says of an event's numbered seats, all of one moment. */
export interface Free {
  readonly kinds: readonly Kind[];
  /** Ticket ids. */
  readonly ids: readonly number[];
}

/** One statement: the counts and the seats are of the same moment. As text, which is parsed faster than an array. */
export async function readFree(db: Db, eventId: string): Promise<Free> {
  const { rows } = await sql<Kind & { ids: string | null }>`
    with clock as materialized (select sale_clock() at)
    select tier, access, (count(*) filter (where free_at <= clock.at))::int free,
      (count(*) filter (where free_at > clock.at and free_at < 'infinity'))::int held,
      (count(*) filter (where free_at = 'infinity'))::int sold,
      string_agg(id::text, ',') filter (where free_at <= clock.at) ids
    from tickets, clock where event = ${eventId} and section is not null group by tier, access`.execute(db);
  const ids = rows.flatMap((row) => (row.ids === null ? [] : row.ids.split(',').map(Number)));
  return { kinds: rows.map(({ ids: _ids, ...kind }) => kind), ids };
}

/** How many there are of what a wish asks for, and whether that is enough if they need not be beside each other. */
export interface CountFor extends Count {
  readonly enough: boolean;
}

/** Seats that anyone may have; of a wish with wheelchairs its spaces, or where seats at all are lacking, all seats. */
export function countFor({ kinds }: Pick<Free, 'kinds'>, { tiers, wheelchairs, quantity }: Wish): CountFor {
  const sum = (wanted: (kind: Kind) => boolean): Count =>
    kinds
      .filter((kind) => tiers.includes(kind.tier) && wanted(kind))
      .reduce(
        (total, { free, held, sold }) => ({
          free: total.free + free,
          held: total.held + held,
          sold: total.sold + sold,
        }),
        { free: 0, held: 0, sold: 0 },
      );
  if (wheelchairs === 0) {
    const anyones = sum(({ access }) => access === null);
    return { ...anyones, enough: anyones.free >= quantity };
  }
  const spaces = sum(({ access }) => access === 'wheelchair');
  const all = sum(() => true);
  if (spaces.free < wheelchairs) return { ...spaces, enough: false };
  return all.free < quantity ? { ...all, enough: false } : { ...spaces, enough: true };
}
