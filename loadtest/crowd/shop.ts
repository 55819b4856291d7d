import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Hold } from '@onsale/shared/http/holds';
import { bounds } from './bounds.ts';
import { buy } from './buy.ts';
import type { Shopped } from './endings.ts';
import type { Life } from './life.ts';
import { type Answer, Undocumented } from './operations.ts';
import { oneOf, upTo } from './random.ts';
import { think } from './think.ts';

/** Shops with a session until there are tickets, none are left, or the turn is over. */
export async function shop(life: Life, session: string, placeToken: string): Promise<Shopped> {
  const { character, options, call } = life;
  for (;;) {
    const held = await takeHold(life, session);
    if (typeof held === 'string') return held;
    if (character.vanishes) return 'vanished';
    if (character.givesUp === 'withHold') {
      await call('release', { params: { holdId: held.holdId }, token: session });
      await call('leave', { params: { eventId: options.event }, token: placeToken });
      return 'gaveUp';
    }
    const bought = await buy(life, session, placeToken, held);
    if (bought !== 'again') return bought;
  }
}

/** Chooses and holds; a smaller number, another tier, or a later time when there are not enough. */
async function takeHold(life: Life, session: string): Promise<Hold | 'toldSoldOut' | 'turnOver'> {
  const { call, options, random, signal } = life;
  for (;;) {
    await think(life);
    const { value: event } = await call('event', { params: { eventId: options.event } });
    if (!event) throw new Undocumented('event: refused');
    const tier = oneOf(random, choicesOf(event));
    let quantity = upTo(random, event.buyerLimit);
    for (;;) {
      const { value, problem } = await call('hold', {
        params: { eventId: options.event },
        token: session,
        key: randomUUID(),
        body: { tierId: tier.tierId, quantity },
      });
      if (value) {
        if (value.tickets.length !== quantity) life.tally.fault('a hold of another number than asked');
        if (value.state === 'held') return value;
        break;
      }
      if (problem?.code === 'soldOut') return 'toldSoldOut';
      if (problem?.code === 'sessionOver' || problem?.code === 'tokenExpired') return 'turnOver';
      const left = problem?.code === 'buyerLimit' ? problem.buyerMayTake : problem?.free;
      if (problem?.code !== 'notEnough' && problem?.code !== 'buyerLimit')
        throw new Undocumented(`hold: refused with ${problem?.code}`);
      if (left === undefined) throw new Undocumented(`hold: ${problem.code} does not say how many are left`);
      quantity = Math.min(quantity - 1, left);
      if (quantity < 1) break;
    }
    await delay(bounds.lookAgainMs * (0.5 + random()), undefined, { signal });
  }
}

/** Tiers worth trying: what is free, else what may come back, else any, to be told. */
function choicesOf({ tiers }: Answer<'event'>): Answer<'event'>['tiers'] {
  const free = tiers.filter((tier) => tier.free > 0);
  const held = tiers.filter((tier) => tier.held > 0);
  return [free, held, tiers].find((choices) => choices.length > 0)!;
}
