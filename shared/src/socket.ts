import { z } from 'zod';
import { Problem } from './errors.ts';
import { Odds, PlaceStatus, RoomView, Waiting, WaitRange } from './http/line.ts';

/**
 * The push: an echo of the line, never a way in. A client connects to Socket.IO's default path with `SocketAuth`, is
 * refused with a `Problem` in `connect_error.data`, or gets a `status` at once and what changed from then on, all as
 * the one event `line`. A reconnecting client gets the exact status again: nothing is replayed. The client sends nothing.
 */
export const SOCKET_VERSION = 1;
export const SOCKET_EVENT = 'line';

export const SocketAuth = z.object({
  v: z.literal(SOCKET_VERSION),
  placeToken: z.string().min(1).max(2_048),
});
export type SocketAuth = z.infer<typeof SocketAuth>;

const v = z.literal(SOCKET_VERSION);

export const ServerMessage = z.discriminatedUnion('type', [
  /** The whole exact status: at connect, and whenever the fan leaves the line (it is your turn; it is over). */
  z.object({ v, type: z.literal('status'), status: PlaceStatus }),
  /** The place moved. Never back. */
  z.object({
    v,
    type: z.literal('place'),
    place: z.int().positive(),
    ahead: z.int().nonnegative(),
    wait: WaitRange.nullable(),
    odds: Odds.nullable(),
    waiting: z.int().nonnegative(),
  }),
  /** The room opened, paused, sold out; or none is free, and what may come back, and when, is another. */
  z.object({
    v,
    type: z.literal('room'),
    room: RoomView,
    lanes: Waiting.shape.lanes,
    mayComeBack: Waiting.shape.mayComeBack,
    asOfMs: Waiting.shape.asOfMs,
  }),
  /** This gateway is going: connect again after this long (with jitter), and read the status there. */
  z.object({ v, type: z.literal('reconnect'), afterMs: z.int().nonnegative() }),
  z.object({ v, type: z.literal('problem'), problem: Problem }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
