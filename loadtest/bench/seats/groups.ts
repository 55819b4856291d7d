import { randomUUID } from 'node:crypto';
import { seeded } from '../../crowd/random.ts';

/**
 * How many tickets are bought together, in hundredths of purchases, from one to six, the limit of the event. Of purchases
 * for sporting events 12 % were of a single ticket, about half of pairs and 39 % of three and more (Vivid Seats, purchases
 * of 2015 to 2019, as Quartz reported in January 2020); how those 39 % divide is our guess: mostly fours.
 */
export const USUAL = [12, 49, 11, 20, 3, 5] as const;
/** The same where nobody comes alone: singles fill every gap, and hide what leaving gaps costs. */
export const NO_SINGLES = [0, 55, 13, 23, 3, 6] as const;
export type Weights = typeof USUAL | typeof NO_SINGLES;

/** People who want to sit together. */
export interface Group {
  /** A uuid, used once. */
  readonly buyer: string;
  readonly size: number;
}

/**
 * Groups in the order they come: the same seed has the same sizes.
 * @returns the next one. `isOver`: sizes that nobody asks for any more
 */
export function groupsOf(weights: Weights, seed: number): (isOver?: (size: number) => boolean) => Group {
  const random = seeded(seed);
  const below = weights.map((_weight, n) =>
    weights.slice(0, n + 1).reduce((sum: number, one) => sum + one, 0),
  );
  const sizeOf = (): number => {
    const dice = random() * 100;
    return below.findIndex((bound) => dice < bound) + 1;
  };
  return (isOver = () => false) => {
    let size = sizeOf();
    while (isOver(size)) size = sizeOf();
    return { buyer: randomUUID(), size };
  };
}
