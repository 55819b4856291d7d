import { check } from 'k6';
import http, { CookieJar, type RefinedResponse } from 'k6/http';
import { setTimeout } from 'k6/timers';
import { bounds } from '../../crowd/bounds.ts';
import type { Problem } from './contract.ts';
import { retried } from './metrics.ts';
import { type Answers, type Operation, requestOf } from './operations.ts';
import { type Outcome, repeat } from './repeat.ts';
import type { Random } from './seeded.ts';
import { settings } from './settings.ts';

export interface Ask {
  readonly params?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  /** Sent as `onsale-session`: whose turn the purchase ends. */
  readonly session?: string;
  readonly body?: object;
  /** Idempotency-Key of a write; a new one when not said. */
  readonly key?: string;
  readonly etag?: string | undefined;
}

/** An answer: what it holds, `unchanged` since the ETag, or the problem with which the sale refused. */
export type Heard<T> = Outcome & {
  readonly etag: string | undefined;
} & (
    | { readonly value: T; readonly unchanged?: never; readonly problem?: never }
    | { readonly unchanged: true; readonly value?: never; readonly problem?: never }
    | { readonly problem: Problem; readonly value?: never; readonly unchanged?: never }
  );

/** Where a simulated fan comes from, as the sale is told. */
export const networkHeaders = (address: string): Record<string, string> =>
  settings.loadTestToken === ''
    ? { 'x-forwarded-for': address }
    : { 'x-onsale-load-test': settings.loadTestToken, 'x-onsale-load-test-address': address };

/** One browser: its own address, its own cookies, gone with it. */
export class Api {
  readonly address: string;
  readonly #random: Random;
  readonly #untilMs: number;
  readonly #measured: (op: string, ms: number) => void;
  readonly #jar = new CookieJar();

  /**
   * @param untilMs when his patience is over: nothing is repeated beyond.
   * @param measured told how long each answer took
   */
  constructor(
    address: string,
    random: Random,
    untilMs: number,
    measured: (op: string, ms: number) => void = () => {},
  ) {
    this.address = address;
    this.#random = random;
    this.#untilMs = untilMs;
    this.#measured = measured;
  }

  /** Asks once, and takes the answer as it is. */
  once<O extends Operation>(op: O, ask: Ask = {}): Heard<Answers[O]> {
    const { method, path } = requestOf(op, { eventId: settings.event, ...ask.params });
    return this.#send(op, method, path, ask);
  }

  /** Asks as a browser does: repeats what says "later", with one Idempotency-Key. @throws Unanswered */
  async ask<O extends Operation>(op: O, ask: Ask = {}): Promise<Heard<Answers[O]>> {
    const key = ask.key ?? crypto.randomUUID();
    const heard = await repeat(() => this.once(op, { ...ask, key }), {
      random: this.#random,
      now: Date.now,
      pause,
      untilMs: this.#untilMs,
      onAgain: () => retried.add(true, { op }),
    });
    retried.add(false, { op });
    check(heard, {
      [`${op} is answered`]: ({ problem }) => problem === undefined || problem.code !== UNDOCUMENTED,
    });
    return heard;
  }

  /** Fetches a page or a file of one. */
  file(op: string, path: string, etag?: string): Heard<string> {
    return this.#send(op, 'GET', path, { etag });
  }

  #send<T>(op: string, method: string, path: string, ask: Ask): Heard<T> {
    const { token, session, body, key, etag } = ask;
    const headers = {
      ...networkHeaders(this.address),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(session === undefined ? {} : { 'onsale-session': session }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined || method === 'GET' ? {} : { 'idempotency-key': key }),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    };
    const response = http.request(
      method,
      settings.url + path,
      body === undefined ? null : JSON.stringify(body),
      {
        headers,
        jar: this.#jar,
        redirects: 0,
        timeout: bounds.requestTimeoutMs,
        // `name` keeps thousands of ids out of the metrics.
        tags: { op, name: op },
        responseCallback: answers,
      },
    );
    this.#measured(op, response.timings.duration);
    return heardOf(response);
  }
}

/** A refusal is an answer too; `internal` is none, nor is silence. */
const answers = http.expectedStatuses({ min: 200, max: 499 }, 503);

const UNDOCUMENTED = 'undocumented';

function heardOf<T>(response: RefinedResponse<'text'>): Heard<T> {
  const { status, headers } = response;
  const common = { status, etag: headers.Etag };
  if (status === 304) return { ...common, code: undefined, retryAfterMs: 0, unchanged: true };
  if (status >= 200 && status < 300) {
    const json = /json/.test(headers['Content-Type'] ?? '');
    const value = json ? (JSON.parse(response.body as string) as T) : (response.body as T);
    return { ...common, code: undefined, retryAfterMs: 0, value };
  }
  const problem = problemOf(response);
  const seconds = Number(headers['Retry-After'] ?? 0);
  const retryAfterMs = problem.retryAfterMs ?? (Number.isFinite(seconds) ? seconds * 1_000 : 0);
  return { ...common, code: problem.code, retryAfterMs, problem };
}

function problemOf({ status, body }: RefinedResponse<'text'>): Problem {
  try {
    const said = JSON.parse(body ?? '') as Problem & { type?: string };
    if (said.type === `urn:onsale:problem:${said.code}`) return said;
  } catch {
    // No JSON: a proxy's own page, or nothing at all.
  }
  return { code: status === 0 ? 'unanswered' : UNDOCUMENTED };
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
