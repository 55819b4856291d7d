interface Tickets {
  readonly tickets: readonly { readonly ticketId: number; readonly tierId: string }[];
}
type What = (ticket: Tickets['tickets'][number]) => string | number;

/**
 * Whether a paid order gave what was held: the very tickets of the hold or, for money that may have come after the hold ran
 * out, as many of the same tiers (PAY-11).
 * @param paidAtMs the sale's clock when it said that the order is paid, epoch ms
 */
export function isWhatWasHeld(
  issued: Tickets,
  hold: Tickets & { readonly expiresAtMs: number },
  paidAtMs: number,
): boolean {
  const same = (what: What): boolean => listOf(issued, what) === listOf(hold, what);
  return same(({ ticketId }) => ticketId) || (paidAtMs >= hold.expiresAtMs && same(({ tierId }) => tierId));
}

const listOf = ({ tickets }: Tickets, what: What): string => tickets.map(what).sort().join();
