import type { Sale } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { atMost } from '../verdicts.ts';
import { baselines, ours, oursTwice } from './strategies.ts';
import { visit } from './visit.ts';

/** Small enough that the slowest design sells it out in a few seconds; pools have three of their thousands. */
const SALE: Sale = { capacity: 3_000, buyerLimit: 2 };

/** Everyone sells a small stock to the last ticket. */
export async function sellOut(context: Context, faults: string[]): Promise<Outcome> {
  let off = 0;
  for (const strategy of [ours, oursTwice, ...baselines]) {
    const told = await visit(context, strategy, SALE, faults, {
      windowMs: Number.POSITIVE_INFINITY,
      seed: 0,
    });
    off += Math.abs(SALE.capacity - told.held);
    context.say(`sell-out · ${strategy.name}: ${told.held} of ${SALE.capacity}`);
  }
  const promise = 'Tickets left or sold too much when each design sells out';
  return { results: [], verdicts: [atMost('claims-sell-out-exactly', promise, 0, off)] };
}
