import { type Ending, end } from './ending.ts';
import type { Fan } from './fan.ts';
import { lineUp } from './line-up.ts';
import { shop } from './shop.ts';
import type { Taste } from './taste.ts';

/** One fan's sale from arrival to its ending, which is counted: lines up, shops, and again while he has turns. */
export const journeyOf = (fan: Fan, taste: Taste): Promise<Ending> =>
  end(fan, async () => {
    for (let known: string | undefined; ; ) {
      const came = await lineUp(fan, known);
      if (typeof came === 'string') return came;
      const shopped = await shop(fan, came, taste);
      if (shopped !== 'turnOver') return shopped;
      known = came.placeToken;
    }
  });
