import { bounds } from '../../crowd/bounds.ts';
import { pause } from './api.ts';
import { buy } from './buy.ts';
import type { Hold } from './contract.ts';
import { type Ending, Wronged } from './ending.ts';
import { type Fan, think } from './fan.ts';
import type { Shopper } from './line-up.ts';
import { timeToHold } from './metrics.ts';
import { Unanswered } from './repeat.ts';
import { around } from './seeded.ts';
import type { Taste } from './taste.ts';

/** Refusals after which a fan asks for something else. */
const PICK_AGAIN: ReadonlySet<string> = new Set(['notEnough', 'notTogether', 'seatsTaken', 'buyerLimit']);
const TURN_OVER: ReadonlySet<string> = new Set(['sessionOver', 'tokenExpired']);

/**
 * Shops until there are tickets, none are left, or the turn is over.
 * @returns `turnOver` when he must line up again. @throws Unanswered, Wronged
 */
export async function shop(fan: Fan, shopper: Shopper, taste: Taste): Promise<Ending | 'turnOver'> {
  for (;;) {
    const hold = await takeHold(fan, shopper, taste);
    if (typeof hold === 'string') return hold;
    const { dropsOut } = fan.character;
    if (dropsOut?.from === 'hold') return dropsOut.says ? goAway(fan, shopper, hold) : 'vanished';
    const bought = await buy(fan, shopper, hold);
    if (bought !== 'again') return bought;
  }
}

/** Holds what he wants, or something else of it as long as there is any. */
async function takeHold(
  fan: Fan,
  { session }: Shopper,
  taste: Taste,
): Promise<Hold | 'toldSoldOut' | 'turnOver'> {
  const startedAtMs = Date.now();
  for (let refused: Parameters<Taste>[1]; Date.now() < fan.untilMs; ) {
    await think(fan);
    const wish = await taste(fan, refused);
    refused = undefined;
    if (wish === 'later') {
      await pause(around(fan.random, bounds.lookAgainMs));
      continue;
    }
    const { value, problem } = await fan.api.ask('hold', { token: session, body: wish });
    if (value?.state === 'held') {
      timeToHold.add(Date.now() - startedAtMs);
      return value;
    }
    if (value !== undefined) continue;
    if (problem?.code === 'soldOut') return 'toldSoldOut';
    if (TURN_OVER.has(problem?.code ?? '')) return 'turnOver';
    if (!PICK_AGAIN.has(problem?.code ?? '')) throw new Wronged(`hold: refused with ${problem?.code}`);
    refused = problem;
  }
  throw new Unanswered('shopped until his patience was over');
}

/** As the page does when the fan goes: what he held is there for others at once. */
async function goAway({ api }: Fan, { session, placeToken }: Shopper, { holdId }: Hold): Promise<'gaveUp'> {
  await api.ask('release', { params: { holdId }, token: session });
  await api.ask('leave', { token: placeToken });
  return 'gaveUp';
}
