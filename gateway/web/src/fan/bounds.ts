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
