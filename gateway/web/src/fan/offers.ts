import type { Problem } from '@onsale/shared/errors';
import type { BestChoice, HoldRequest, TierChoice } from '@onsale/shared/http/holds';

/** What could be had instead of what was refused: one press takes it. */
export interface Offer {
  readonly kind: 'fewer' | 'fewerTogether' | 'apart';
  readonly quantity: number;
  readonly wish: HoldRequest;
}

/** The best first. None for chosen seats: those that are left stay chosen, and the map shows others. */
export function offersOf(problem: Problem, wish: HoldRequest | null): readonly Offer[] {
  if (wish === null || 'seats' in wish) return [];
  const { offer, buyerMayTake = 0 } = problem;
  switch (problem.code) {
    case 'notEnough':
      return offer == null ? [] : [fewer(wish, offer.quantity, offer.together), ...moreApart(problem, wish)];
    case 'buyerLimit':
      return buyerMayTake === 0 ? [] : [fewer(wish, buyerMayTake, true)];
    case 'notTogether':
      return [...(offer == null ? [] : [fewer(wish, offer.quantity, true)]), ...apart(wish)];
    default:
      return [];
  }
}

/** Whether seats that the fan chose himself were refused: that is said beside the map, the rest beside its own form. */
export const ofSeats = (wish: HoldRequest | null): boolean => wish !== null && 'seats' in wish;

export function quantityOf(wish: HoldRequest): number {
  if ('seats' in wish) return wish.seats.length;
  return 'best' in wish ? wish.best.quantity : wish.quantity;
}

/** `together` only ever gives way: seats that were not wished beside each other are not asked for so. */
function fewer(wish: TierChoice | BestChoice, quantity: number, together: boolean): Offer {
  if (!('best' in wish)) return { kind: 'fewer', quantity, wish: { ...wish, quantity } };
  const wheelchairs = Math.min(wish.best.wheelchairs, quantity);
  const best = { ...wish.best, quantity, wheelchairs, together: wish.best.together && together };
  return { kind: best.together && quantity > 1 ? 'fewerTogether' : 'fewer', quantity, wish: { best } };
}

function apart(wish: TierChoice | BestChoice): Offer[] {
  if (!('best' in wish)) return [];
  const best = { ...wish.best, together: false };
  return [{ kind: 'apart', quantity: best.quantity, wish: { best } }];
}

/** Fewer than wished are free, and not all of those beside each other: all of them, apart. */
function moreApart(
  { free = 0, offer, buyerMayTake = free }: Problem,
  wish: TierChoice | BestChoice,
): Offer[] {
  const quantity = Math.min(free, buyerMayTake);
  if (!('best' in wish) || !wish.best.together || wish.best.wheelchairs > 0) return [];
  if (offer == null || !offer.together || quantity <= offer.quantity) return [];
  return apart({ best: { ...wish.best, quantity } });
}
