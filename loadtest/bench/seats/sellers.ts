import { atLeastBits } from '@onsale/booking-core/inventory/seats/runs';
import { seatsFrom } from '@onsale/booking-core/inventory/seats/together';
import { eachRun } from '@onsale/booking-core/inventory/seats/view';
import { type Picker, pick } from '@onsale/booking-core/inventory/seats/wish';
import type { Seller } from './shop.ts';

/** First fit: the closest run that is long enough, from its first seat on, whatever it leaves. */
const firstFit: Picker = (view, wish) => {
  if (wish.wheelchairs > 0) return pick(view, wish);
  for (const tier of wish.tiers) {
    const { stretches, finder } = view.tiers.get(tier)!;
    const at = finder.next(0, atLeastBits(wish.quantity));
    if (at < 0) continue;
    let first = -1;
    eachRun(view.layout, view.open, stretches[at]!, (from, to) => {
      if (first < 0 && to - from >= wish.quantity) first = from;
    });
    return seatsFrom(first, wish.quantity);
  }
  return undefined;
};

export const best: Seller = { name: 'best available', instances: 1, way: {} };
export const bestTwice: Seller = { name: 'best available, 2 instances', instances: 2, way: {} };
export const first: Seller = { name: 'first fit', instances: 1, way: { choose: firstFit } };
export const anyOfTier: Seller = { name: 'any of a tier', instances: 1, way: 'anyOfTier' };
