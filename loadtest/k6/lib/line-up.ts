import { type Ending, Wronged } from './ending.ts';
import type { Fan } from './fan.ts';
import { timeToPlace, waitForTurn } from './metrics.ts';
import { Unanswered } from './repeat.ts';
import { type Told, waitForTurnOf } from './wait.ts';

/** A fan whose turn it is. */
export interface Shopper {
  readonly session: string;
  readonly placeToken: string;
}

/** After how long at most one loses patience who goes from the line. */
const IMPATIENT_MS = 10_000;

/**
 * Joins, waits with a socket and claims, as many turns as the sale gives.
 * @param known token of an earlier turn: the same fan comes again. @throws Unanswered, Wronged
 */
export async function lineUp(fan: Fan, known?: string): Promise<Shopper | Ending> {
  for (let token = known; ; ) {
    const startedAtMs = Date.now();
    const { value: joined, problem } = await fan.api.ask('join', { token });
    if (problem?.code === 'turnsSpent') return 'turnsSpent';
    if (joined === undefined) throw new Wronged(`join: refused with ${problem?.code}`);
    timeToPlace.add(Date.now() - startedAtMs);
    token = joined.placeToken;

    const told = await turnOf(fan, token);
    if (told.state === 'offered' || told.state === 'shopping') waitForTurn.add(Date.now() - startedAtMs);
    const came = await follow(fan, token, told);
    if (came !== undefined) return came;
  }
}

/** What the page does once it has a place: reads where it stands, then listens. */
async function turnOf(fan: Fan, token: string): Promise<Told> {
  const asked = await fan.api.ask('status', { token });
  if (asked.problem?.code === 'placeUnknown') return { state: 'forgotten' };
  if (asked.value === undefined) throw new Wronged(`status: refused with ${asked.problem?.code}`);
  const goes = fan.character.dropsOut?.from === 'line';
  return waitForTurnOf(fan, token, asked.value, goes ? fan.random() * IMPATIENT_MS : undefined);
}

/** What a fan does with what he was told. @returns undefined when he joins again. */
async function follow(fan: Fan, token: string, told: Told): Promise<Shopper | Ending | undefined> {
  switch (told.state) {
    case 'soldOut':
      return 'toldSoldOut';
    case 'unanswered':
      throw new Unanswered('waited until his patience was over');
    case 'wronged':
      throw new Wronged(told.why);
    case 'forgotten':
      throw new Wronged('the line forgot a place');
    case 'outOfPatience':
      if (!fan.character.dropsOut?.says) return 'vanished';
      await fan.api.ask('leave', { token });
      return 'gaveUp';
    case 'over':
      return told.mayJoinAgain ? undefined : 'turnsSpent';
    case 'shopping':
      return { session: told.session, placeToken: token };
    case 'offered': {
      if (fan.character.noShow) return 'noShow';
      const session = await claim(fan, told.pass);
      return session === undefined ? undefined : { session, placeToken: token };
    }
  }
}

/** @returns undefined when the offer was no more, and he joins again. */
async function claim({ api }: Fan, pass: string): Promise<string | undefined> {
  const { value, problem } = await api.ask('claim', { body: { pass } });
  if (value !== undefined) return value.session;
  if (problem !== undefined && ['offerLapsed', 'tokenExpired', 'sessionOver'].includes(problem.code))
    return undefined;
  throw new Wronged(`claim: refused with ${problem?.code}`);
}
