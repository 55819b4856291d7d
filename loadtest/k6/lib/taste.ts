import type { Event, HoldRequest, Problem } from './contract.ts';
import { Wronged } from './ending.ts';
import type { Fan } from './fan.ts';
import { oneOf, upTo } from './seeded.ts';

/**
 * What a fan wants: called for every try of his, with what the last one was refused with. `later`: there is nothing to try
 * for now, he looks again in a moment.
 */
export type Taste = (fan: Fan, refused: Problem | undefined) => Promise<HoldRequest | 'later'>;

/** Any tickets: a tier by lot among those with any left, fewer when there are fewer. */
export function anyTickets(): Taste {
  let wish: { tierId: string; quantity: number } | undefined;
  return async (fan, refused) => {
    if (wish !== undefined && refused !== undefined) {
      const left = refused.code === 'buyerLimit' ? refused.buyerMayTake : refused.free;
      wish.quantity = Math.min(wish.quantity - 1, left ?? 0);
      if (wish.quantity > 0) return wish;
      wish = undefined;
      return 'later';
    }
    const { value: event, problem } = await fan.api.ask('event');
    if (event === undefined) throw new Wronged(`event: refused with ${problem?.code}`);
    wish = {
      tierId: oneOf(fan.random, choicesOf(event)).tierId,
      quantity: upTo(fan.random, event.buyerLimit),
    };
    return wish;
  };
}

/** Tiers worth trying: what is free, else what may come back, else any, to be told. */
function choicesOf({ tiers }: Event): Event['tiers'] {
  const free = tiers.filter((tier) => tier.free > 0);
  const held = tiers.filter((tier) => tier.held > 0);
  return [free, held, tiers].find((choices) => choices.length > 0)!;
}
