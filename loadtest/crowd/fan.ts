import { setTimeout as delay } from 'node:timers/promises';
import { Unanswered } from './caller.ts';
import type { Ending } from './endings.ts';
import type { Life } from './life.ts';
import { Undocumented } from './operations.ts';
import { shop } from './shop.ts';
import { joinAndWait, type Waited } from './wait.ts';

/** Lives one fan's sale from arrival to its ending. Never throws for what the sale does: that is an ending too. */
export async function live(life: Life): Promise<Ending> {
  try {
    life.enter('coming');
    await delay(life.random() * life.options.arrivalMs, undefined, { signal: life.signal });
    return await comeAndShop(life);
  } catch (error) {
    if (life.signal.aborted || error instanceof Unanswered) {
      life.tally.fault(error instanceof Unanswered ? error.message : 'left without an answer at the end');
      return 'unanswered';
    }
    if (!(error instanceof Undocumented)) throw error;
    life.tally.fault(error.message);
    return 'wronged';
  } finally {
    life.enter(undefined);
  }
}

/** As many turns as the sale gives. */
async function comeAndShop(life: Life): Promise<Ending> {
  let token: string | undefined;
  for (;;) {
    life.enter('waiting');
    const { placeToken, told } = await joinAndWait(life, token);
    token = placeToken;
    const ending = await follow(life, placeToken, told);
    if (ending !== undefined) return ending;
  }
}

/** What the fan does with what he was told. @returns undefined when he joins again. */
async function follow(life: Life, placeToken: string, told: Waited['told']): Promise<Ending | undefined> {
  switch (told.state) {
    case 'soldOut':
      return 'toldSoldOut';
    case 'turnsSpent':
      return 'turnsSpent';
    case 'outOfPatience':
      await life.call('leave', { params: { eventId: life.options.event }, token: placeToken });
      return 'gaveUp';
    case 'forgotten':
      life.tally.fault('the line forgot a place');
      return undefined;
    case 'over':
      return told.mayJoinAgain ? undefined : 'turnsSpent';
    case 'offered': {
      if (life.character.comesNot) return 'noShow';
      const session = await claim(life, told.pass);
      return session === undefined ? undefined : shopTurn(life, session, placeToken);
    }
    case 'shopping':
      return shopTurn(life, told.session, placeToken);
  }
}

async function claim({ call, options, tally }: Life, pass: string): Promise<string | undefined> {
  const { value, problem } = await call('claim', { params: { eventId: options.event }, body: { pass } });
  if (value) {
    tally.admitted += 1;
    return value.session;
  }
  // Too late, through no fault of the fan's when a part of the sale was away: he joins again.
  if (problem?.code === 'offerLapsed' || problem?.code === 'tokenExpired' || problem?.code === 'sessionOver')
    return undefined;
  throw new Undocumented(`claim: refused with ${problem?.code}`);
}

async function shopTurn(life: Life, session: string, placeToken: string): Promise<Ending | undefined> {
  life.enter('shopping');
  const shopped = await shop(life, session, placeToken);
  return shopped === 'turnOver' || shopped === 'again' ? undefined : shopped;
}
