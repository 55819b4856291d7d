import type { Ticket } from '@onsale/shared/http/holds';
import type { z } from 'zod';
import type { Db } from '../db/database.ts';
import { each, oneAtATime } from '../service/flight.ts';
import type { CatalogEvent } from './catalog.ts';

interface Seat {
  readonly tier: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly seat: number | null;
}

/** Tickets by id as people know them. */
export type Seats = (event: CatalogEvent, ticketIds: readonly number[]) => Promise<z.infer<typeof Ticket>[]>;

/** What a ticket is never changes, so an event's seats are read once and answers about holds need no query for them. */
export function openSeats(db: Db): Seats {
  const known = each((_eventId) => new Map<number, Seat>());
  const loads = each((eventId) => oneAtATime(() => loadSeats(db, eventId, known(eventId))));

  return async (event, ticketIds) => {
    const seats = known(event.id);
    if (ticketIds.some((id) => !seats.has(id))) await loads(event.id)();
    return ticketIds.map((ticketId) => {
      const { tier, section, row, seat } = seats.get(ticketId)!;
      const { cost } = event.tiers.find(({ id }) => id === tier)!;
      return { ticketId, tierId: tier, section, row, seat, ...cost };
    });
  };
}

async function loadSeats(db: Db, eventId: string, into: Map<number, Seat>): Promise<void> {
  const rows = await db
    .selectFrom('tickets')
    .select(['id', 'tier', 'section', 'row', 'seat'])
    .where('event', '=', eventId)
    .execute();
  for (const { id, ...seat } of rows) into.set(id, seat);
}
