/** In order of x; where y is null the line has a gap. */
export type Points = ReadonlyArray<readonly [x: number, y: number | null]>;

/** A line of more points than a screen has is drawn no better. */
const BUCKETS = 300;

/**
 * The line with at most about `2 × BUCKETS` points: of each stretch the lowest and the highest, in their order, so that no spike is
 * lost. Gaps stay.
 */
export function thinned(points: Points): Points {
  if (points.length <= 2 * BUCKETS) return points;
  const size = Math.ceil(points.length / BUCKETS);
  const kept: Array<Points[number]> = [];
  for (let from = 0; from < points.length; from += size) {
    const bucket = points.slice(from, from + size);
    const told = bucket.filter((point): point is readonly [number, number] => point[1] !== null);
    const lowest = told.reduce<readonly [number, number] | undefined>(
      (a, b) => (a && a[1] <= b[1] ? a : b),
      undefined,
    );
    const highest = told.reduce<readonly [number, number] | undefined>(
      (a, b) => (a && a[1] >= b[1] ? a : b),
      undefined,
    );
    const gap = bucket.find(([, y]) => y === null);
    kept.push(
      ...[...new Set([lowest, highest, gap])]
        .filter((point) => point !== undefined)
        .sort((a, b) => a[0] - b[0]),
    );
  }
  return kept;
}
