import type { Bench, Context, Outcome } from './bench.ts';
import { outcomeOf } from './dodgers/outcome.ts';
import { play } from './dodgers/play.ts';

export const dodgers: Bench = {
  name: 'dodgers',
  question:
    'Everyone joins one line, half of them before its doors open, and the stadium is sold to the last seat: how fast, in how much memory, and is every promise kept?',
  minutes: { quick: 1, full: 1 },
  sizes: {
    fans: {
      about: 'fans who join; 1,000,000 take five minutes at most, 10,000,000 ten',
      least: 1_000,
      most: 16_000_000,
      quick: 50_000,
      full: 150_000,
    },
  },
  async run(context: Context): Promise<Outcome> {
    return outcomeOf(await play(context, context.sizes.fans!));
  },
};
