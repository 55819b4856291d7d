/** Numbers in [0, 1) that a seed decides: a crowd of one seed behaves the same way again, as far as the sale lets it. */
export type Random = () => number;

/** Mulberry32. @param parts what the sequence belongs to: the crowd's seed, the fan's number. */
export function seeded(...parts: readonly number[]): Random {
  let state = parts.reduce((mixed, part) => Math.imul(mixed ^ part, 0x9e3779b1) + 0x7f4a7c15, 0x2545f491);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const chance = (random: Random, odds: number): boolean => random() < odds;

/** Whole number from 1 to `max`. */
export const upTo = (random: Random, max: number): number => 1 + Math.floor(random() * max);

export const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)]!;
