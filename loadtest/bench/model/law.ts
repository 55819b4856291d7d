import { limits } from '@onsale/shared/limits';

/** Three sizes of the same thing: two that a law is fitted to, and a larger one that it is judged by. */
export type Sizes = readonly [first: number, second: number, third: number];

/** How a cost grows: a + b × shape(size), and what the structure itself tells without measuring. */
export interface Law {
  readonly shape: (size: number) => number;
  readonly known?: (size: number) => number;
}

export const inProportion: Law = { shape: (size) => size };
/** Of what walks down a tree or a skip list. */
export const byDepth: Law = { shape: Math.log2 };

/**
 * Of a tick, which reads the front whole and the places behind it in samples: so many apart, and further back by a part of
 * the place (limits.snapshot…).
 */
export const bySamples: Law = {
  shape: (waiting) => {
    const {
      snapshotFrontPlaces: front,
      snapshotStepPlaces: step,
      snapshotStepPerMille: perMille,
      snapshotSamples: most,
    } = limits;
    // From here on a part of the place is more than the step.
    const bend = Math.max(front, (step * 1_000) / perMille);
    const near = Math.max(0, Math.min(waiting, bend) - front) / step;
    const far = Math.max(0, Math.log(waiting / bend) / Math.log1p(perMille / 1_000));
    return Math.min(most, near + far);
  },
};

const POINTER_BYTES = 8;
/** Members of one sorted set: beside what each takes, a hash table that doubles when it is full. */
export const ofSortedSet: Law = {
  shape: (members) => members,
  known: (members) => POINTER_BYTES * 2 ** Math.ceil(Math.log2(members)),
};

/** The cost at any size, from those at two. Nothing gets cheaper by being more: a pair that says so is noise about a constant. */
export function fitted(
  { shape, known = () => 0 }: Law,
  [first, second]: readonly [number, number, ...unknown[]],
  [atFirst, atSecond]: readonly [number, number],
): (size: number) => number {
  const [less, more] = [atFirst - known(first), atSecond - known(second)];
  const slope = Math.max(0, (more - less) / (shape(second) - shape(first)));
  const base = slope === 0 ? (less + more) / 2 : less - slope * shape(first);
  return (size) => base + slope * shape(size) + known(size);
}
