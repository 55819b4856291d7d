import { randomUUID } from 'node:crypto';
import type { Ask, Sale } from '../../baselines/strategy.ts';

/** Of the buyers who hold tickets, how many ask again with the same key, and how many for more than they may. */
const REPEATED = 0.02;
const GREEDY = 0.02;

/** What the buyers of one run want. */
export interface Demand {
  /** Someone new, who wants one ticket or as many as the limit, each as likely. */
  next(): Ask;
  /** What a buyer does who was just given this hold. */
  after(held: Ask): 'repeat' | 'greed' | 'leave';
}

/**
 * Made before the clock runs, so that making it costs no contender time. The same seed wants the same quantities in the
 * same order; ids are random, as in life.
 */
export function demandFor(sale: Sale, { buyers, seed }: { buyers: number; seed: number }): Demand {
  const random = randomOf(seed);
  // Every ask that succeeds takes a ticket at least; what fails at the end is asked once more by everyone.
  const asks = Array.from(
    { length: sale.capacity + 2 * buyers },
    (): Ask => ({
      buyer: randomUUID(),
      key: randomUUID(),
      quantity: random() < 0.5 ? 1 : sale.buyerLimit,
    }),
  );
  let at = 0;
  return {
    next() {
      const ask = asks[at++];
      if (ask === undefined) throw new Error('More was sold than there was: the demand ran out first.');
      return ask;
    },
    after() {
      const dice = random();
      return dice < REPEATED ? 'repeat' : dice < REPEATED + GREEDY ? 'greed' : 'leave';
    },
  };
}

/** mulberry32: numbers in [0, 1), the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
