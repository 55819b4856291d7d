import type { Hold } from '@onsale/shared/http/holds';
import type { IssuedTickets } from '@onsale/shared/http/orders';

type Ticket = { readonly ticketId: number; readonly tierId: string };

/**
 * Whether a paid order gave what was held: the very tickets of the hold or, for money that may have come after the hold ran
 * out, as many of the same tiers (PAY-11).
 * @param paidAtMs the sale's clock when it said that the order is paid, epoch ms
 */
export function isWhatWasHeld(issued: IssuedTickets, hold: Hold, paidAtMs: number): boolean {
  const same = (what: (ticket: Ticket) => string | number): boolean =>
    listOf(issued.tickets, what) === listOf(hold.tickets, what);
  return same(({ ticketId }) => ticketId) || (paidAtMs >= hold.expiresAtMs && same(({ tierId }) => tierId));
}

const listOf = (tickets: readonly Ticket[], what: (ticket: Ticket) => string | number): string =>
  tickets.map(what).sort().join();
