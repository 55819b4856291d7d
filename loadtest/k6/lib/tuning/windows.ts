/** A time in which one policy was in force, by the clock of the line. */
export interface Stretch {
  readonly ratePerMinute: number;
  readonly paused: boolean;
  /** The first tick that worked by it. */
  readonly fromMs: number;
  /** The last tick before the next one was asked for. */
  readonly untilMs: number;
}

/** So many were let in at once. */
export interface Admitted {
  readonly atMs: number;
  readonly fans: number;
}

export interface Window {
  readonly fromMs: number;
  readonly admitted: number;
  readonly least: number;
  readonly most: number;
}

/** Rate credit never exceeds this span of the rate (limits.rateCreditMs), and a tick that comes late by less loses nothing. */
const CREDIT_MS = 600;

/**
 * Every window of a stretch, one beginning each `stepMs`, with how many it may have let in: what the rate gives in its time, give or
 * take what the credit holds and one fan; nobody while paused. It holds where nothing but the rate bounds admission: fans
 * wait, slots are free.
 */
export function windowsOf(
  { ratePerMinute, paused, fromMs, untilMs }: Stretch,
  admitted: readonly Admitted[],
  { windowMs, stepMs }: { windowMs: number; stepMs: number },
): Window[] {
  const fansIn = (ms: number): number => (paused ? 0 : (ratePerMinute * ms) / 60_000);
  const windows: Window[] = [];
  for (let atMs = fromMs; atMs + windowMs <= untilMs; atMs += stepMs) {
    const fans = admitted
      .filter((one) => one.atMs > atMs && one.atMs <= atMs + windowMs)
      .reduce((sum, one) => sum + one.fans, 0);
    windows.push({
      fromMs: atMs,
      admitted: fans,
      least: paused ? 0 : Math.max(0, Math.floor(fansIn(windowMs - CREDIT_MS)) - 1),
      most: paused ? 0 : Math.ceil(fansIn(windowMs + CREDIT_MS)) + 1,
    });
  }
  return windows;
}

export const kept = ({ admitted, least, most }: Window): boolean => admitted >= least && admitted <= most;

/**
 * How many slots were taken at each look while a capacity was in force, and whether one was taken beyond it: who was inside when it
 * was lowered stays, so it may be exceeded by fewer and fewer, and once kept it is kept.
 */
export function beyondCapacity(taken: readonly number[], capacity: number): number {
  let allowed = Number.POSITIVE_INFINITY;
  let beyond = 0;
  for (const slots of taken) {
    if (slots > Math.max(capacity, allowed)) beyond += 1;
    allowed = Math.min(allowed, slots);
  }
  return beyond;
}
