/** What is measured all along a run, and how it was in the last third of it against the first. */
export class Drift {
  readonly #first = new Map<string, number[]>();
  readonly #last = new Map<string, number[]>();

  /** @param progress of the run when it was measured, from 0 to 1. */
  add(measure: string, value: number, progress: number): void {
    if (progress >= 0 && progress < 1 / 3) pushTo(this.#first, measure, value);
    if (progress > 2 / 3 && progress <= 1) pushTo(this.#last, measure, value);
  }

  /**
   * Median of the last third over that of the first: 1 is steady, 2 is twice as much.
   * @param floor below which a value is as good as it: 2 ms are not twice as slow as 1.
   * @returns undefined when either third saw less than `SAMPLES_MIN`.
   */
  of(measure: string, floor: number): number | undefined {
    const first = this.#first.get(measure) ?? [];
    const last = this.#last.get(measure) ?? [];
    if (Math.min(first.length, last.length) < SAMPLES_MIN) return undefined;
    return Math.max(floor, medianOf(last)) / Math.max(floor, medianOf(first));
  }
}

/** Fewer measures of a third say nothing of it. */
export const SAMPLES_MIN = 3;

function pushTo(map: Map<string, number[]>, measure: string, value: number): void {
  const all = map.get(measure);
  if (all) all.push(value);
  else map.set(measure, [value]);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
