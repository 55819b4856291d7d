import type { Seat } from '@onsale/shared/http/seats';
import type { Command, Fan } from '../fan.ts';
import { barred } from '../seats.ts';
import { lookOf } from './look.ts';
import { w } from './words.ts';

/** What pressing a seat does, or why it cannot: said beside the map. */
export function pressed(
  fan: Fan,
  { section, row, seat }: { section: string; row: string; seat: Seat },
  { asOfMs, max, accessible }: { asOfMs: number; max: number; accessible: boolean },
): { words: string } | { command: Command } {
  const { picked } = fan.kept;
  const { ticketId, tierId, access } = seat;
  const look = lookOf(seat, asOfMs, picked, fan.lost);
  if (look === 'mine') return { command: { type: 'dropSeats', ticketIds: [ticketId] } };
  if (look !== 'free') return { words: w.cannot[look] };
  const why = barred(picked, seat, { max, accessible });
  if (why === 'limit') return { words: w.cannot.limit(max) };
  if (why !== null) return { words: w.cannot[why] };
  const chosen = { ticketId, tierId, access, section, row, seat: seat.seat };
  return { command: { type: 'addSeat', seat: chosen, accessible } };
}
