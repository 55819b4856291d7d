import { randomBytes } from 'node:crypto';
import type { HoldRequest } from '@onsale/shared/http/holds';
import { sql } from 'kysely';
import { programme } from '../src/catalog/programme.ts';
import { stage } from '../src/catalog/stage.ts';
import type { PlacedSeat } from '../src/inventory/seats/layout.ts';
import type { shopper, TestSale } from './sale.ts';

/** A row as it is drawn: `.` a seat, `w` a wheelchair space, `c` a companion seat, a blank an aisle; its seats cost what its tier costs. */
export interface DrawnRow {
  readonly section?: string;
  readonly row: string;
  readonly tier?: string;
  readonly distance: number;
  readonly seats: string;
}

export function drawn(rows: readonly DrawnRow[]): PlacedSeat[] {
  let id = 0;
  return rows.flatMap(({ section = 'S', row, tier = 'a', distance, seats }) =>
    [...seats].flatMap((letter, at) => {
      if (letter === ' ') return [];
      const access =
        letter === 'w' ? ('wheelchair' as const) : letter === 'c' ? ('companion' as const) : null;
      return [{ id: ++id, tier, section, row, seat: at + 1, access, distance }];
    }),
  );
}

/** Puts such rows on sale; tier `a` costs 100.00 and no fee, `b` 200.00, and so on. @returns the event, and the ticket id of each seat by `section/row/seat` */
export async function putSeatsOnSale(sale: TestSale, rows: readonly DrawnRow[], { buyerLimit = 20 } = {}) {
  const event = `event-${randomBytes(6).toString('hex')}`;
  const { venue, event: first, room } = programme[0]!;
  const seats = drawn(rows);
  const tiers = [...new Set(seats.map(({ tier }) => tier))].sort();
  await sale.database.transact('read committed', async (tx) => {
    await stage(tx, {
      venue,
      event: { ...first, id: event, buyer_limit: buyerLimit, hold_ttl_ms: 600_000 },
      tiers: tiers.map((id, at) => ({ id, name: id, price_minor: (at + 1) * 100_00, position: at })),
      tickets: { blocks: [] },
      room,
    });
    for (const { tier, section, row, seat, access, distance } of seats) {
      await tx
        .insertInto('tickets')
        .values({ event, tier, section, row, seat, access, distance, hold: null, free_at: '-infinity' })
        .execute();
    }
  });
  const { rows: found } = await sql<{ id: number; at: string }>`
    select id, section || '/' || "row" || '/' || seat as "at" from tickets where event = ${event}`.execute(
    sale.database.db,
  );
  return { event, idOf: new Map(found.map(({ at, id }) => [at, id])) };
}

/** Asks for a hold in any of the three ways. */
export const ask = <T>(
  fan: ReturnType<typeof shopper>,
  event: string,
  asked: object | HoldRequest,
  key = randomBytes(8).toString('hex'),
) => fan.send<T>('POST', `/api/v1/events/${event}/holds`, { key, body: asked });
