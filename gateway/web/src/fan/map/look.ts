import type { Seat } from '@onsale/shared/http/seats';
import { bounds } from '../bounds.ts';
import { isPicked, type LostSeats, type PickedSeat } from '../seats.ts';

/** What a seat is to this fan. */
export type Look = 'free' | 'mine' | 'held' | 'gone';

/** A seat that was just lost stays gone on a map that may be too old to know it. */
export function lookOf(
  seat: Pick<Seat, 'ticketId' | 'state'>,
  asOfMs: number,
  picked: readonly PickedSeat[],
  lost: LostSeats | null,
): Look {
  if (isPicked(picked, seat.ticketId)) return 'mine';
  const tooOld = lost !== null && asOfMs <= lost.atMs + bounds.mapMaxAgeMs;
  if (tooOld && seat.state === 'free' && isPicked(lost.seats, seat.ticketId)) return 'gone';
  return seat.state;
}
