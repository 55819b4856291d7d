import type { Hold } from '@onsale/shared/http/holds';
import type { CatalogEvent } from '../catalog/catalog.ts';
import type { Seats } from '../catalog/seats.ts';

/** What an answer about a hold is made of. `expiresAtMs` is Infinity when it is sold; both times are the database's. */
export interface HoldFacts {
  readonly id: string;
  readonly tickets: readonly number[];
  readonly expiresAtMs: number;
  readonly released: boolean;
  readonly nowMs: number;
}

/** A sold hold never runs out, and JSON has no infinity: the last millisecond of the year 9999. */
const NEVER_MS = 253_402_300_799_999;

export const deadlineOf = (expiresAtMs: number): number =>
  Number.isFinite(expiresAtMs) ? expiresAtMs : NEVER_MS;

export function stateOf({ expiresAtMs, released, nowMs }: HoldFacts): Hold['state'] {
  if (expiresAtMs === Number.POSITIVE_INFINITY) return 'sold';
  if (released) return 'released';
  return expiresAtMs > nowMs ? 'held' : 'expired';
}

export async function viewOf(seats: Seats, event: CatalogEvent, hold: HoldFacts): Promise<Hold> {
  const tickets = await seats(event, hold.tickets);
  return {
    holdId: hold.id,
    eventId: event.id,
    state: stateOf(hold),
    tickets,
    totalMinor: tickets.reduce((sum, ticket) => sum + ticket.totalMinor, 0),
    currency: event.currency,
    expiresAtMs: deadlineOf(hold.expiresAtMs),
    serverTimeMs: hold.nowMs,
  };
}
