import { z } from 'zod';
import { Lane } from './lanes.ts';

const positive = z.number().nonnegative();

/**
 * What the ticks measured, from which a gateway tells each fan how long he is likely to wait and how likely he is to find a
 * ticket. `null`: nothing honest can be said. A doubt is the standard deviation of a quantity's logarithm: 0.1 is about 10 %.
 */
export const Forecast = z.object({
  /**
   * Fans let in per minute from now on while no slots run out, and the standard deviation of one minute's count. `slots`:
   * for how many minutes an offer or session keeps its slot, on average; null while the capacity says nothing.
   */
  pace: z
    .object({
      perMinute: positive,
      deviation: positive,
      slots: z.object({ minutes: z.number().positive(), doubt: positive }),
    })
    .nullable(),
  /**
   * What becomes of those ahead: the share of turns that were not passed over, its doubt, the share of those who wait that
   * give up in a minute, and of all who are let in, the share by lane.
   */
  crowd: z.object({
    turnout: z.number().positive(),
    doubt: positive,
    leavingPerMinute: positive,
    byLane: z.record(Lane, positive),
  }),
  /** What is left to sell, and what those let in so far did with their turns. */
  stock: z
    .object({
      free: z.int().nonnegative(),
      held: z.int().nonnegative(),
      /** When the last of the held ones comes back, if nobody buys it; null when none is held. */
      heldUntilMs: z.int().nonnegative().nullable(),
      /** Tickets that fans who were let in already are about to take or to buy: of the free ones, of the held ones. */
      spoken: z.object({ free: positive, held: positive }),
      /** Tickets bought per fan admitted, no-shows among them: mean, how far one fan is from it, and what the mean may be off by. */
      perFan: z.object({ mean: positive, deviation: positive, doubt: positive }).nullable(),
    })
    .nullable(),
});
export type Forecast = z.infer<typeof Forecast>;
