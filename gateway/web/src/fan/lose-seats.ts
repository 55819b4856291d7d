import type { Fan, World } from './fan.ts';
import { keep, serverNowMs } from './moves.ts';
import { type SeatNow, without } from './seats.ts';

/** Others took some of the chosen seats: exactly those are let go and named, the rest stays chosen. */
export function loseSeats(fan: Fan, ticketIds: readonly number[], world: World): Fan {
  const seats = fan.kept.picked.filter(({ ticketId }) => ticketIds.includes(ticketId));
  if (seats.length === 0) return fan;
  const lost = { seats, atMs: serverNowMs(fan, world.nowMs), told: false };
  return { ...keep(fan, { picked: without(fan.kept.picked, ticketIds) }), lost };
}

/** The map was read again. While a request is out the seats may be in this fan's own basket, so nothing is judged. */
export function seeSeats(fan: Fan, seats: readonly SeatNow[], world: World): Fan {
  if (fan.step.at !== 'shopping' || fan.request !== null) return fan;
  const taken = seats.filter(({ state }) => state !== 'free').map(({ ticketId }) => ticketId);
  return loseSeats(fan, taken, world);
}
