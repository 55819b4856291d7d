/** The most and the fewest of some moments that any window of a length had. */
export interface Extremes {
  readonly most: number;
  readonly fewest: number;
}

/**
 * Looks at every window of `lengthMs` that lies within [fromMs, toMs): half open, so that an exact rate is exactly met.
 * @param momentsMs ascending
 * @throws RangeError when no window fits
 */
export function extremesIn(
  momentsMs: readonly number[],
  { fromMs, toMs, lengthMs }: { fromMs: number; toMs: number; lengthMs: number },
): Extremes {
  if (toMs - fromMs < lengthMs) throw new RangeError('No window of that length fits.');
  const within = momentsMs.filter((atMs) => atMs >= fromMs && atMs < toMs);
  // A count changes only where a moment comes in or goes out: windows that begin at one, just after one, or end at one.
  const starts = [
    fromMs,
    ...within,
    ...within.map((atMs) => atMs + 1),
    ...within.map((atMs) => atMs - lengthMs),
    toMs - lengthMs,
  ]
    .filter((atMs) => atMs >= fromMs && atMs + lengthMs <= toMs)
    .sort((a, b) => a - b);
  let [first, past] = [0, 0];
  let [most, fewest] = [0, Number.POSITIVE_INFINITY];
  for (const startMs of starts) {
    while (first < within.length && within[first]! < startMs) first += 1;
    while (past < within.length && within[past]! < startMs + lengthMs) past += 1;
    most = Math.max(most, past - first);
    fewest = Math.min(fewest, past - first);
  }
  return { most, fewest };
}
