import type { HoldRequest } from './contract.ts';
import { Wronged } from './ending.ts';
import { anyHeld, seatsTogether } from './seats.ts';
import { oneOf, upTo } from './seeded.ts';
import type { Taste } from './taste.ts';

/** Out of how many of the best that he sees a fan picks: everyone wants the front, and not everyone the same seat. */
const BEST_SEEN = 12;
/** How often he looks whether a held seat came back before he takes what the sale finds for him. */
const LOOKS_MAX = 3;

/**
 * Seats of one section, chosen on its map; others of it when he loses them, fewer when no such are beside each other; when
 * the section is gone, the best that the sale finds.
 * @param quantityMax tickets a fan comes for, at most
 */
export function chosenSeats(section: string, quantityMax: number): Taste {
  let quantity: number | undefined;
  let looks = 0;
  const best = bestAvailable(undefined, quantityMax);
  return async (fan, refused) => {
    quantity ??= upTo(fan.random, quantityMax);
    if (looks > LOOKS_MAX) return best(fan, refused);
    const { value: seats, problem } = await fan.api.ask('section', { params: { section } });
    if (seats === undefined) throw new Wronged(`section: refused with ${problem?.code}`);
    if (refused?.code === 'buyerLimit') quantity = refused.buyerMayTake ?? 1;
    for (; quantity > 0; quantity -= 1) {
      const ways = seatsTogether(seats, quantity).slice(0, BEST_SEEN);
      if (ways.length > 0) return { seats: oneOf(fan.random, ways) };
    }
    quantity = 1;
    looks = anyHeld(seats) ? looks + 1 : LOOKS_MAX + 1;
    return 'later';
  };
}

/** The best that are left, of one tier or of any; fewer, or apart, when that is what is offered. */
export function bestAvailable(tierId: string | undefined, quantityMax: number): Taste {
  let quantity: number | undefined;
  let together = true;
  let tier = tierId;
  return async (fan, refused): Promise<HoldRequest | 'later'> => {
    quantity ??= upTo(fan.random, quantityMax);
    if (refused !== undefined && refused.code !== 'seatsTaken') {
      const left = refused.code === 'buyerLimit' ? refused.buyerMayTake : refused.offer?.quantity;
      if (left !== undefined) quantity = Math.max(1, Math.min(quantity, left));
      if (left === undefined && tier === undefined) return 'later';
      // Nothing of this tier: any other, and also apart.
      if (left === undefined) tier = undefined;
      together = false;
    }
    return { best: { quantity, together, ...(tier === undefined ? {} : { tierId: tier }) } };
  };
}
