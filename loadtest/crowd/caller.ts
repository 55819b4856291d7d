import { setTimeout as delay } from 'node:timers/promises';
import { clientOver, type Received, type Transport } from '@onsale/shared/client';
import { type Problem, type ProblemCode, Refusal } from '@onsale/shared/errors';
import { backOffMs } from './back-off.ts';
import { bounds } from './bounds.ts';
import { type Answer, type OperationName, operations, Undocumented } from './operations.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Wire } from './wire.ts';

export interface Ask {
  readonly params?: Record<string, string>;
  readonly token?: string | undefined;
  /** Sent as `onsale-session`: whose turn the purchase ends. */
  readonly session?: string;
  /** Idempotency-Key: the same for every repeat of one request. */
  readonly key?: string;
  readonly body?: object;
  readonly etag?: string | undefined;
}

/** A good answer with its headers, or what the sale refused. */
export type Heard<O extends OperationName> = { headers: Received['headers'] } & (
  | { value: Answer<O>; unchanged?: never; problem?: never }
  | { unchanged: true; value?: never; problem?: never }
  | { problem: Problem; value?: never; unchanged?: never }
);

type AnyAnswer = { status: number; headers: Received['headers']; body: unknown };

/** Nobody answered for bounds.answerWithinMs. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

/** Refusals that say "later": a browser tries again by itself, with the same key. */
const LATER: ReadonlySet<ProblemCode> = new Set([
  'unavailable',
  'overloaded',
  'tooManyRequests',
  'inFlight',
  'internal',
]);

/** One fan's HTTP: his own address and cookies, repeats with back-off and jitter, answers checked against the contract. */
export type Caller = <O extends OperationName>(name: O, ask?: Ask) => Promise<Heard<O>>;

export interface CallerParts {
  readonly wire: Wire;
  readonly address: string;
  readonly tally: Tally;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** @throws (the caller) Undocumented; Unanswered; whatever the signal is aborted with. */
export function createCaller(parts: CallerParts): Caller {
  const { tally, random, signal } = parts;
  const jar = new Map<string, string>();
  return async (name, ask = {}) => {
    const giveUpAt = performance.now() + bounds.answerWithinMs;
    for (let attempt = 1; ; attempt += 1) {
      const heard = await once(parts, jar, name, ask);
      if (heard !== undefined && !(heard.problem && LATER.has(heard.problem.code))) return heard;
      if (heard?.problem?.code === 'internal') tally.fault(`${name}: internal (500)`);
      if (performance.now() > giveUpAt) throw new Unanswered(`${name}: no answer worth the name`);
      tally.retries += 1;
      await delay(backOffMs(attempt, retryAfterMs(heard), random), undefined, { signal });
    }
  };
}

/** @returns undefined when the connection failed or the answer did not come. */
async function once<O extends OperationName>(
  { wire, address, tally, signal }: CallerParts,
  jar: Map<string, string>,
  name: O,
  { params, token, session, key, body, etag }: Ask,
): Promise<Heard<O> | undefined> {
  // One fan is one address to the sale. The time is that of an answer, whatever it says.
  const transport: Transport = async (sent, aborted) => {
    const startedAt = performance.now();
    const headers = { ...sent.headers, ...cookiesOf(jar), 'x-forwarded-for': address };
    const received = await wire.send({ ...sent, headers }, aborted);
    keepCookies(jar, received);
    tally.took(name, performance.now() - startedAt);
    return received;
  };
  const headers = { 'onsale-session': session, 'idempotency-key': key, 'if-none-match': etag };
  const ask = clientOver(transport) as (route: object, input: object) => Promise<AnyAnswer>;
  try {
    const answer = await ask(operations[name], { params, token, headers, body, signal });
    if (answer.status === 304) return { headers: answer.headers, unchanged: true };
    return { headers: answer.headers, value: answer.body as Answer<O> };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refusal) return { headers: {}, problem: error.toProblem() };
    if (error instanceof TypeError || error instanceof Undocumented) throw error;
    return undefined;
  }
}

const cookiesOf = (jar: ReadonlyMap<string, string>): Record<string, string> =>
  jar.size === 0 ? {} : { cookie: [...jar].map((pair) => pair.join('=')).join('; ') };

/** As a browser does; none of ours is ever taken back. */
function keepCookies(jar: Map<string, string>, { headers }: Received): void {
  for (const text of [headers['set-cookie'] ?? []].flat()) {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(text) ?? [];
    if (name !== undefined) jar.set(name, value!);
  }
}

/** When the sale says that asking again is worth it; 0 when it does not say. */
export function retryAfterMs(heard: { headers: Received['headers']; problem?: Problem } | undefined): number {
  const seconds = Number(heard?.headers['retry-after'] ?? 0);
  return heard?.problem?.retryAfterMs ?? (Number.isFinite(seconds) ? seconds * 1000 : 0);
}
