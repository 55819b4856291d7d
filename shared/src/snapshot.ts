import { z } from 'zod';
import { AdmissionReason } from './http/internal.ts';
import { RoomView } from './http/line.ts';

/**
 * What one tick leaves for the gateways, of a fixed size whatever the line's length: the order numbers of the exact
 * front, and sampled (place, order) pairs behind it. A gateway derives the place of each of its sockets from it, as an
 * upper bound; a socket whose order should be in the front and is not has left the line and is read exactly.
 */
export const Snapshot = z.object({
  /** Grows with every look at the room, also over a loss of Redis; an order number above it was given afterwards. */
  seq: z.int().nonnegative(),
  atMs: z.int().nonnegative(),
  room: RoomView,
  reason: AdmissionReason,
  offers: z.int().nonnegative(),
  sessions: z.int().nonnegative(),
  /** Fans admitted in the minute before. */
  admittedLastMinute: z.int().nonnegative(),
  /** Pace the wait is estimated by, fans per minute; 0 when nothing can be said. */
  pacePerMinute: z.number().nonnegative(),
  /** Orders of places 1, 2, 3 …, ascending. */
  front: z.array(z.int().nonnegative()),
  /** Ascending pairs behind the front: the place, and the order of who stands there. */
  samples: z.array(z.tuple([z.int().positive(), z.int().nonnegative()])),
});
export type Snapshot = z.infer<typeof Snapshot>;
