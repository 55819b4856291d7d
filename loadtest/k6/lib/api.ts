import { check } from 'k6';
import http, { type RefinedResponse } from 'k6/http';
import type { Problem } from './contract.ts';

/** Operations that are measured each; the name is the tag `op`. */
export const operations = ['join', 'status', 'claim', 'event', 'hold', 'order', 'pay', 'tickets'] as const;
export type Operation = (typeof operations)[number];

export interface Ask {
  readonly token?: string;
  /** Whose turn the purchase ends. */
  readonly session?: string;
  readonly body?: object;
}

/** The answer, or the problem with which the sale refused. */
export type Heard<T> =
  | { readonly value: T; readonly problem?: never }
  | { readonly value?: never; readonly problem: Problem };

/** One fan's requests: his own forwarded address, and an Idempotency-Key on every write. */
export class Api {
  readonly url: string;
  readonly address: string;

  constructor(url: string, address: string) {
    this.url = url;
    this.address = address;
  }

  get<T>(op: Operation, path: string, ask: Ask = {}): Heard<T> {
    return heard(op, http.get(this.url + path, { headers: this.#headers(ask), ...tagsOf(op) }));
  }

  post<T>(op: Operation, path: string, ask: Ask = {}): Heard<T> {
    const headers = { ...this.#headers(ask), 'idempotency-key': crypto.randomUUID() };
    const body = ask.body === undefined ? null : JSON.stringify(ask.body);
    return heard(op, http.post(this.url + path, body, { headers, ...tagsOf(op) }));
  }

  #headers({ token, session, body }: Ask): Record<string, string> {
    return {
      'x-forwarded-for': this.address,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(session === undefined ? {} : { 'onsale-session': session }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }
}

/** `name` keeps thousands of ids out of the metrics. A refusal (409) is an answer, not a failure. */
const tagsOf = (op: Operation) => ({
  tags: { op, name: op },
  responseCallback: http.expectedStatuses({ min: 200, max: 299 }, 409),
});

function heard<T>(op: Operation, response: RefinedResponse<'text'>): Heard<T> {
  const { status, body } = response;
  check(response, { [`${op} is answered`]: () => (status >= 200 && status < 300) || status === 409 });
  if (status === 0 || body === null) return { problem: { code: 'unanswered' } };
  const parsed = JSON.parse(body) as T & Problem;
  return status < 300 ? { value: parsed } : { problem: parsed };
}
