/**
 * A clock in epoch milliseconds. Processes use it for tokens, timers and pages only: a hold's expiry is judged by the
 * database's clock (`sale_clock()`), a place's by Redis's.
 */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
