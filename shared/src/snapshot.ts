import { z } from 'zod';
import { Forecast } from './forecast.ts';
import { AdmissionReason } from './http/internal.ts';
import { Lane } from './lanes.ts';
import { RoomState } from './room-state.ts';

/** Thousands of whole numbers, each greater than the one before: looked at one by one, ten times as fast as by zod. */
const ascending = z.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.every((one, at) => Number.isSafeInteger(one) && one >= 0 && (at === 0 || one > value[at - 1])),
  'whole numbers, ascending',
);

/** One lane of a line: how many wait, and the order numbers of its exact front. */
export const LaneShape = z.object({
  waiting: z.int().nonnegative(),
  /** Orders of places 1, 2, 3 …. */
  front: ascending,
  /** Places by which everyone behind the samples' first one has moved up since they were taken. */
  passed: z.int().nonnegative(),
  /** Order of the last place whose presence is kept (limits.presencePlaces); null: of all who wait here. */
  presentUpTo: z.int().nonnegative().nullable(),
  /** Fans of this lane admitted in the last minute. */
  admittedLastMinute: z.int().nonnegative(),
});
export type LaneShape = z.infer<typeof LaneShape>;

/**
 * What one tick leaves for the gateways, of a bounded size whatever the line's length. A gateway derives the place of each
 * of its sockets from it, as an upper bound; a socket whose order should be in the front and is not has left the line and
 * is read exactly.
 */
export const Snapshot = z.object({
  /** Grows with every look at the room, also over a loss of Redis; an order number above it was given afterwards. */
  seq: z.int().nonnegative(),
  atMs: z.int().nonnegative(),
  /** Nobody is in the room, or waits for it: the next tick comes after limits.quietTickMs, or when it is woken. */
  quiet: z.boolean(),
  room: z.object({ state: RoomState, waiting: z.int().nonnegative(), version: z.int().nonnegative() }),
  /** Of the room, as the line knows it. */
  epoch: z.int().nonnegative(),
  /** The line is being put together again, whatever the doors say: no place of it is told. */
  healing: z.boolean(),
  reason: AdmissionReason,
  offers: z.int().nonnegative(),
  sessions: z.int().nonnegative(),
  /** Fans passed over: away when their turn came. */
  away: z.int().nonnegative(),
  /** Offers that nobody took in time, since this Redis knows the room. */
  noShows: z.int().nonnegative(),
  /** Fans admitted in the minute before. */
  admittedLastMinute: z.int().nonnegative(),
  forecast: Forecast,
  /** Of the samples that places behind the fronts are derived from. */
  samplesSeq: z.int().nonnegative(),
  lanes: z.record(Lane, LaneShape),
});
export type Snapshot = z.infer<typeof Snapshot>;

/**
 * Behind the fronts: sampled places of each lane, ascending, and the orders of who stood there. Taken anew once in
 * limits.samplesEveryMs, and sooner when more has moved than the promised bound allows.
 */
export const Samples = z.object({
  /** Of the look that took them. */
  seq: z.int().nonnegative(),
  lanes: z.record(
    Lane,
    z
      .object({ places: ascending, orders: ascending })
      .refine(({ places, orders }) => places.length === orders.length),
  ),
});
export type Samples = z.infer<typeof Samples>;
