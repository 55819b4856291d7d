import type { Outcome } from '../bench.ts';
import { summaryOf } from '../statistics.ts';
import { atMost } from '../verdicts.ts';
import { fitted, type Law, type Sizes } from './law.ts';

/** A prediction may be off by this part of what is measured. */
const OFF_MAX = 0.2;

export interface Observed {
  /** The last part of the verdict's id. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** What the size counts, as in "1,000 waiting". */
  readonly counts: string;
  readonly law: Law;
  readonly sizes: Sizes;
  /** Of each size the values of its rounds; the rounds of all three were interleaved. */
  readonly values: readonly [readonly number[], readonly number[], readonly number[]];
}

/** A cost that can be told for sizes that nobody measured. */
export interface Cost extends Outcome {
  at(size: number): number;
}

/**
 * Of several rounds: others on the machine only add to what a thing costs, some rounds much, so the lower quartile tells the cost
 * where the median tells who else was there.
 */
const undisturbed = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)]!;

/** Fits the law to what the first two sizes cost undisturbed, and judges what it says of the third by what was measured there. */
export function costOf({ id, what, unit, counts, law, sizes, values }: Observed): Cost {
  const [first, second, third] = sizes;
  const at = fitted(law, sizes, [undisturbed(values[0]), undisturbed(values[1])]);
  const named = (size: number): string => `${what}, ${size.toLocaleString('en-US')} ${counts}`;
  const measured = sizes.map((size, index) => ({
    name: named(size),
    unit,
    ...summaryOf(values[index as 0 | 1 | 2]),
  }));
  const judged = undisturbed(values[2]);
  const compared = [
    { name: `${named(third)}, lower quartile`, unit, ...summaryOf([judged]) },
    { name: `${named(third)}, predicted`, unit, ...summaryOf([at(third)]) },
  ];
  const off = Math.abs(at(third) / judged - 1);
  const promise = `${named(third)}: part that the prediction from ${first.toLocaleString('en-US')} and ${second.toLocaleString('en-US')} is off`;
  return {
    at,
    results: [...measured, ...compared],
    verdicts: [atMost(`model-predicts-third-size-${id}`, promise, OFF_MAX, off)],
  };
}
