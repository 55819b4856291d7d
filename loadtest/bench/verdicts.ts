import type { Verdict } from './report.ts';

/** A promise that holds when the value reaches the target. A value that is no number fails. */
export const atLeast = (id: string, promise: string, target: number, value: number): Verdict => ({
  id,
  promise,
  target,
  value,
  pass: value >= target,
});

/** A promise that holds when the value stays at or below the target. */
export const atMost = (id: string, promise: string, target: number, value: number): Verdict => ({
  id,
  promise,
  target,
  value,
  pass: value <= target,
});

/** A promise of two sides, as two verdicts: `<id>-least` and `<id>-most`. */
export const between = (
  id: string,
  promise: string,
  [least, most]: readonly [number, number],
  value: number,
): Verdict[] => [atLeast(`${id}-least`, promise, least, value), atMost(`${id}-most`, promise, most, value)];
