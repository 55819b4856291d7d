import { type Random, seeded } from '../../crowd/random.ts';

export { chance, oneOf, type Random, upTo } from '../../crowd/random.ts';

/** The sequence that decides all a fan does: of the run's seed and his number alone. */
export const randomOf = (seed: number, number: number): Random => seeded(seed, number);

/** A pause around the mean, as people make. */
export const around = (random: Random, mean: number): number => mean * (0.5 + random());
