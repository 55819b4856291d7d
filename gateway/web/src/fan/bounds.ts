import type { Event } from '@onsale/shared/http/events';
import type { limits } from '@onsale/shared/limits';

// Said again rather than imported: the contract's module would bring its checks into every fan's browser.
const holdQuantityMax: (typeof limits)['holdQuantityMax'] = 20;

/** Every wait of the fan's page, in one place. */
export const bounds = {
  /** With free capacity the offer is there within 300 ms of joining; only after this is a queue shown. */
  revealMs: 1_500,
  /** Between polls of the status while the socket is away: soon after joining, then at leisure. */
  pollSoonMs: 600,
  pollMs: 5_000,
  /** Between readings of what is left: while choosing, and while reading the event's page. */
  eventWhileShoppingMs: 4_000,
  eventMs: 15_000,
  /** Between readings of the room: before joining, and while waiting for what a draw is checked with. */
  roomMs: 5_000,
  roomWhileWaitingMs: 20_000,
  /** What is older than this is said to be: the line does not answer, and the sale serves what it knew last. */
  staleMs: 5_000,
  /** Between readings of the sections, and of the seats of one, while they are looked at. */
  sectionsMs: 8_000,
  seatsMs: 3_000,
  /** A map no newer than this after a seat was lost may not know it yet: the gateway keeps one for a second. */
  mapMaxAgeMs: 1_500,
  /** More time is offered when so little is left, or half of the time when that is less. */
  extendOfferMs: 120_000,
  /** More time in the shop is offered when so little of it is left. */
  renewOfferMs: 300_000,
  /** A deadline is asked about this long after it passed, so that the server's clock has passed it too. */
  graceMs: 400,
  recheckMs: 1_500,
  /** Back-off of a lost request: doubles from the first to the last. */
  retryFirstMs: 500,
  retryLastMs: 20_000,
  /** A line not heard of for this long is said to be lost. */
  silentMs: 12_000,
} as const;

/** Wait before attempt `attempt` (from 1) is repeated: doubling, capped, half of it by lot; never sooner than asked. */
export function retryDelayMs(attempt: number, retryAfterMs: number | null, roll: number): number {
  const full = Math.min(bounds.retryLastMs, bounds.retryFirstMs * 2 ** Math.min(attempt - 1, 10));
  const wait = full / 2 + (full / 2) * roll;
  return Math.round(retryAfterMs === null ? wait : retryAfterMs + (full / 2) * roll);
}

/** Tickets one hold of this buyer can have. */
export const mostOf = ({ buyerLimit }: Event): number => Math.min(buyerLimit, holdQuantityMax);
