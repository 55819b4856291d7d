import { roomViewOf } from './room-view.ts';
import type { RoomNow } from './rooms.ts';

/**
 * How long until a place's turn, at the pace of the last ticks, in whole seconds upwards. Null while nothing can be said
 * honestly: nobody is being admitted, or it is not known how fast.
 */
export function estimateMsOf(place: number, now: RoomNow): number | null {
  const pace = now.snapshot?.pacePerMinute ?? 0;
  if (pace <= 0 || roomViewOf(now).state !== 'open') return null;
  return Math.ceil((place / pace) * 60) * 1_000;
}
