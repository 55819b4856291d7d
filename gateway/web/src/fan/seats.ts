import type { SeatChoice } from '@onsale/shared/http/holds';
import type { Access, Seat } from '@onsale/shared/http/seats';

/** The seats a fan points at before they are held. Pointing reserves nothing: the core has the last word. */

/** What a map says of a seat that was chosen on it. */
export type SeatNow = Pick<Seat, 'ticketId' | 'state'>;

/** A seat as the fan chose it, with what is needed to name it again when another fan was faster. */
export interface PickedSeat {
  readonly ticketId: number;
  readonly tierId: string;
  readonly section: string;
  readonly row: string;
  readonly seat: number;
  readonly access: Access;
}

/**
 * Chosen seats that another fan took, and when (server's clock) that was heard: an older map does not know it yet. `told`:
 * the fan went on choosing, so it is no longer said.
 */
export interface LostSeats {
  readonly seats: readonly PickedSeat[];
  readonly atMs: number;
  readonly told: boolean;
}

/** Why a seat that is free cannot be added to those chosen. */
export type Barred = 'limit' | 'access' | 'companion';

const isWheelchair = ({ access }: PickedSeat): boolean => access === 'wheelchair';

/**
 * @param max tickets this buyer may take
 * @param accessible the fan's own word that somebody needs a wheelchair space
 */
export function barred(
  picked: readonly PickedSeat[],
  { access }: Pick<PickedSeat, 'access'>,
  { max, accessible }: { max: number; accessible: boolean },
): Barred | null {
  if (picked.length >= max) return 'limit';
  if (access !== null && !accessible) return 'access';
  return access === 'companion' && !picked.some(isWheelchair) ? 'companion' : null;
}

export const isPicked = (picked: readonly PickedSeat[], ticketId: number): boolean =>
  picked.some((seat) => seat.ticketId === ticketId);

/** Companions' seats go with the last wheelchair space: without one they would be refused. */
export function without(picked: readonly PickedSeat[], ticketIds: readonly number[]): readonly PickedSeat[] {
  const left = picked.filter(({ ticketId }) => !ticketIds.includes(ticketId));
  return left.some(isWheelchair) ? left : left.filter(({ access }) => access !== 'companion');
}

/** What the chosen seats are asked for with. */
export function wishOf(picked: readonly PickedSeat[]): SeatChoice {
  const seats = picked.map(({ ticketId }) => ticketId);
  return picked.some(({ access }) => access !== null) ? { seats, accessible: true } : { seats };
}
