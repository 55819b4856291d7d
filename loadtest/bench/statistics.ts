/** What several runs of the same thing gave. `runs` counts them. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** The middle value, or the mean of the two in the middle. @throws RangeError when there is none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No runs, no median.');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const summaryOf = (values: readonly number[]): Summary => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  runs: values.length,
});

/** How far the runs lie apart, as a part of their median: 0.1 is ten per cent between the least and the greatest. */
export const spreadOf = ({ median, min, max }: Summary): number =>
  median === 0 ? (max === min ? 0 : Number.POSITIVE_INFINITY) : (max - min) / Math.abs(median);

/** `a[i] / b[i]`: of two that ran in the same rounds, so that a slow minute of the machine hits both. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError('Only runs of the same rounds can be compared.');
  return a.map((value, at) => value / b[at]!);
}
