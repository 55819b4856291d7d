import type { Ticket } from '@onsale/shared/http/holds';
import type { z } from 'zod';
import type { Db } from '../db/database.ts';
import type { Layout } from '../inventory/seats/layout.ts';
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

/**
 * What a ticket is never changes, so an event's tickets are read once and answers about holds need no query for them.
 * @param layout the numbered seats of an event: what is known of them is not read a second time
 */
export function openSeats(db: Db, layout: (eventId: string) => Promise<Layout>): Seats {
  const units = each((_eventId) => new Map<number, Seat>());
  const loads = each((eventId) => oneAtATime(() => loadUnits(db, eventId, units(eventId))));

  return async (event, ticketIds) => {
    const { seats, indexOf } = await layout(event.id);
    const unnumbered = units(event.id);
    if (ticketIds.some((id) => !indexOf.has(id) && !unnumbered.has(id))) await loads(event.id)();
    return ticketIds.map((ticketId) => {
      const index = indexOf.get(ticketId);
      const { tier, section, row, seat } = index === undefined ? unnumbered.get(ticketId)! : seats[index]!;
      const { cost } = event.tiers.find(({ id }) => id === tier)!;
      return { ticketId, tierId: tier, section, row, seat, ...cost };
    });
  };
}

async function loadUnits(db: Db, eventId: string, into: Map<number, Seat>): Promise<void> {
  const rows = await db
    .selectFrom('tickets')
    .select(['id', 'tier', 'section', 'row', 'seat'])
    .where('event', '=', eventId)
    .where('section', 'is', null)
    .execute();
  for (const { id, ...seat } of rows) into.set(id, seat);
}
