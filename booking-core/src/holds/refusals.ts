import type { Problem } from '@onsale/shared/errors';
import { Refusal } from '@onsale/shared/errors';
import type { Read } from '../inventory/seats/book.ts';
import { countFor } from '../inventory/seats/free.ts';
import { largestOf, type Wish } from '../inventory/seats/wish.ts';
import type { Count } from '../inventory/stock.ts';
import type { Claim, Verdict } from './claim.ts';

const mayTake = ({ buyerLimit, had }: Verdict): number => Math.max(0, buyerLimit - had);

const offerOf = (quantity: number, together: boolean): NonNullable<Problem['offer']> | null =>
  quantity > 0 ? { quantity, together } : null;

/** Too few of the tier are free. What is held by others may come back; when all is sold, nothing will. */
export function notEnough(claim: Claim, verdict: Verdict, { free, held }: Count): Refusal {
  const numbers = { free, held, buyerMayTake: mayTake(verdict) };
  if (free + held === 0) {
    return new Refusal('soldOut', { ...numbers, detail: 'Every ticket of this tier is sold.' });
  }
  return new Refusal('notEnough', {
    ...numbers,
    offer: offerOf(Math.min(free, numbers.buyerMayTake), false),
    detail: `${claim.quantity} asked for, ${free} free, ${held} held by others.`,
  });
}

/** No seats answer the wish, as this read proves: too few are free, or not beside each other. */
export function noSuchSeats(wish: Wish, verdict: Verdict, { free: found, view }: Read): Refusal {
  const { free, held, enough } = countFor(found, wish);
  const numbers = { free, held, buyerMayTake: mayTake(verdict) };
  const what = wish.wheelchairs > 0 ? 'wheelchair spaces and seats beside them' : 'seats';
  if (free + held === 0) {
    return new Refusal('soldOut', { ...numbers, detail: `All ${what} of this kind are sold.` });
  }
  const most = Math.min(wish.quantity, numbers.buyerMayTake);
  const offer = offerOf(largestOf(view, wish, most), wish.together);
  if (enough) {
    return new Refusal('notTogether', {
      ...numbers,
      offer,
      detail: `${wish.quantity} ${what} are free, but not beside each other.`,
    });
  }
  return new Refusal('notEnough', {
    ...numbers,
    offer,
    detail: `${wish.quantity} ${what} asked for, ${free} free, ${held} held by others.`,
  });
}

/** Of the chosen ones. */
export const seatsTaken = (taken: readonly number[]): Refusal =>
  new Refusal('seatsTaken', {
    taken: [...taken],
    detail: taken.length === 1 ? 'One of the seats is taken.' : `${taken.length} of the seats are taken.`,
  });

/** What has nothing to do with tickets and limits. @throws Refusal eventCancelled, sessionOver, idempotencyMismatch */
export function refuseOutright({ outcome }: Verdict): void {
  if (outcome === 'cancelled') throw new Refusal('eventCancelled');
  if (outcome === 'revoked') throw turnRevoked();
  if (outcome === 'mismatch') throw new Refusal('idempotencyMismatch');
}

/** An operator ended the turn; the gateway may not have noticed yet. */
export const turnRevoked = (): Refusal =>
  new Refusal('sessionOver', { detail: 'An operator ended this turn.' });

export function overLimit(verdict: Verdict, { free, held }: Pick<Count, 'free' | 'held'>): Refusal {
  return new Refusal('buyerLimit', {
    free,
    held,
    buyerMayTake: mayTake(verdict),
    detail: `One buyer may take ${verdict.buyerLimit} tickets; this one has ${verdict.had}.`,
  });
}
