import { setTimeout as delay } from 'node:timers/promises';
import type { Life } from './life.ts';
import { Undocumented } from './operations.ts';
import { Shown } from './shown.ts';
import type { Told } from './told.ts';
import { toldBy } from './told.ts';
import { waitByPoll } from './wait-by-poll.ts';
import { waitBySocket } from './wait-by-socket.ts';

/** Longest time after which an impatient fan leaves the line, and before which a joining fan joins again. */
const PATIENCE_MS = 10_000;
const REJOIN_MS = 3_000;

export interface Waited {
  readonly placeToken: string;
  readonly told: Told | { readonly state: 'turnsSpent' | 'outOfPatience' };
}

/**
 * Joins and waits until told something final.
 * @param known token of an earlier turn: the same fan comes again.
 */
export async function joinAndWait(life: Life, known: string | undefined): Promise<Waited> {
  const { call, options, character } = life;
  const joined = await call('join', { params: { eventId: options.event }, token: known });
  if (joined.problem?.code === 'turnsSpent') return { placeToken: known!, told: { state: 'turnsSpent' } };
  if (!joined.value) throw new Undocumented(`join: refused with ${joined.problem?.code}`);

  const { placeToken, status } = joined.value;
  const at = toldBy(status);
  if (at !== undefined) return { placeToken, told: at };
  const shown = new Shown((text) => life.tally.fault(text));
  if (status.state === 'waiting' && status.place !== null) shown.exact(status.place, shown.asking());

  const over = new AbortController();
  const waiting = { ...life, signal: AbortSignal.any([life.signal, over.signal]) };
  try {
    const ways = [(character.polls ? waitByPoll : waitBySocket)(waiting, placeToken, shown)];
    if (character.rejoins) ways.push(rejoin(waiting, placeToken, shown));
    const patience = character.givesUp === 'inLine' ? [losePatience(waiting)] : [];
    return { placeToken, told: await Promise.race([...ways, ...patience]) };
  } finally {
    over.abort();
  }
}

/** Which stay in the line a token is of. After a loss of Redis the same one has a token of the line's next life. */
function stayOf(placeToken: string): string {
  const { turn, lane, order } = JSON.parse(Buffer.from(placeToken.split('.')[2]!, 'base64url').toString());
  return JSON.stringify([turn, lane, order]);
}

/**
 * Joins a second time, as a fan with two tabs does: turn, lane, order and place must be the same. Only when a part of the
 * sale was away may his turn have come and gone unheard; then he has a new place. Ends no waiting.
 */
async function rejoin(
  { call, options, random, tally, signal }: Life,
  token: string,
  shown: Shown,
): Promise<never> {
  await delay(random() * REJOIN_MS, undefined, { signal });
  const asked = shown.asking();
  shown.doubt();
  const { value } = await call('join', { params: { eventId: options.event }, token });
  const renewed = value !== undefined && stayOf(value.placeToken) !== stayOf(token);
  if (renewed && tally.retries + tally.reconnects === 0)
    tally.fault('joining twice gave two stays in the line');
  shown.settle(renewed);
  if (!renewed && value?.status.state === 'waiting' && value.status.place !== null) {
    shown.exact(value.status.place, asked);
  }
  return new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function losePatience({ random, signal }: Life): Promise<{ state: 'outOfPatience' }> {
  await delay(random() * PATIENCE_MS, undefined, { signal });
  return { state: 'outOfPatience' };
}
