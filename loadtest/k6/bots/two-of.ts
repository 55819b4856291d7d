import type { Random } from '../lib/seeded.ts';

/** Two different ones, told apart by where they stand: what `setup()` gave is, in k6, another object each time it is looked at. */
export function twoOf<T>(random: Random, choices: readonly T[]): readonly [T, T] {
  const first = Math.floor(random() * choices.length);
  const after = 1 + Math.floor(random() * (choices.length - 1));
  return [choices[first]!, choices[(first + after) % choices.length]!];
}
