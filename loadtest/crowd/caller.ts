import { setTimeout as delay } from 'node:timers/promises';
import type { Problem, ProblemCode } from '@onsale/shared/errors';
import { bounds } from './bounds.ts';
import { type Answer, type OperationName, operations, readAnswer } from './operations.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Received, Wire } from './wire.ts';

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

/** A good answer, or what the sale refused. `headers` of either. */
export type Heard<O extends OperationName> = { headers: Received['headers'] } & (
  | { value: Answer<O>; unchanged?: never; problem?: never }
  | { unchanged: true; value?: never; problem?: never }
  | { problem: Problem; value?: never; unchanged?: never }
);

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

/** One fan's HTTP: his own address, repeats with back-off and jitter, answers checked against the contract. */
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
  return async (name, ask = {}) => {
    const giveUpAt = performance.now() + bounds.answerWithinMs;
    for (let attempt = 1; ; attempt += 1) {
      const heard = await once(parts, name, ask);
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
  name: O,
  ask: Ask,
): Promise<Heard<O> | undefined> {
  const { route } = operations[name];
  const startedAt = performance.now();
  let received: Received;
  try {
    received = await wire.send(
      {
        method: route.method.toUpperCase(),
        path: route.path.replace(/\{(\w+)\}/g, (_, param: string) => ask.params?.[param] ?? ''),
        headers: headersOf(address, ask),
        body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TypeError) throw error;
    return undefined;
  }
  tally.took(name, performance.now() - startedAt);
  return { headers: received.headers, ...readAnswer(name, received.status, received.text) };
}

function headersOf(address: string, { token, session, key, body, etag }: Ask): Record<string, string> {
  return {
    'x-forwarded-for': address,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(session === undefined ? {} : { 'onsale-session': session }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  };
}

/** `Retry-After` in milliseconds, 0 when the answer has none. */
export function retryAfterMs(heard: { headers: Received['headers'] } | undefined): number {
  const seconds = Number(heard?.headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/** Doubling, capped, half of it by lot; never sooner than asked. */
export function backOffMs(attempt: number, askedMs: number, random: Random): number {
  const full = Math.min(bounds.backOffLastMs, bounds.backOffFirstMs * 2 ** Math.min(attempt - 1, 10));
  return askedMs + full / 2 + (full / 2) * random();
}
