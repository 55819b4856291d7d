import type { z } from 'zod';
import type { AnswerOf, Call, Input, Received, Route, Transport } from './client-types.ts';
import { Problem, problems, Refusal } from './errors.ts';

export type { AnswerOf, Call, Input, Received, Route, Sent, Transport } from './client-types.ts';

/** An answer that the route's contract does not allow: another status, code or form; a proxy's own page. */
export class Undocumented extends Error {
  override name = 'Undocumented';
  /** Of the answer; undefined when there was none. */
  readonly answer: Received | undefined;

  constructor(message: string, answer?: Received, options?: ErrorOptions) {
    super(message, options);
    this.answer = answer;
  }
}

/** What any input may have, whatever the route. */
interface AnyInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  body?: unknown;
  token?: string;
  signal?: AbortSignal;
}

/** A client of every route that has a contract: `call(createHold, { params, headers, body, token })`. */
export function clientOver(transport: Transport): Call {
  return async <R extends Route>(route: R, input?: Input<R>): Promise<AnswerOf<R>> => {
    const { params = {}, query = {}, headers = {}, body, token, signal } = (input ?? {}) as AnyInput;
    const received = await transport(
      {
        method: route.method.toUpperCase(),
        path: pathOf(route, params) + queryOf(query),
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...textOf(headers),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      signal,
    );
    return answerOf(route, received);
  };
}

/**
 * A transport over a fetch.
 * @param origin goes before every path; in a browser '' is the page's own
 * @param timeoutMs a whole answer is waited for so long
 */
export function overFetch(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  { origin = '', timeoutMs }: { origin?: string; timeoutMs: number },
): Transport {
  return async ({ method, path, headers, body = null }, signal) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const response = await fetch(origin + path, {
      method,
      headers,
      body,
      cache: 'no-store',
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    };
  };
}

function pathOf({ path }: Route, params: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (params[name] === undefined) throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(String(params[name]));
  });
}

function queryOf(query: Record<string, unknown>): string {
  const text = new URLSearchParams(textOf(query)).toString();
  return text === '' ? '' : `?${text}`;
}

const textOf = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

interface Documented {
  content?: {
    'application/json'?: { schema: z.ZodType };
    'application/problem+json'?: { examples: Readonly<Record<string, unknown>> };
  };
}

function answerOf<R extends Route>(route: R, received: Received): AnswerOf<R> {
  const { status, headers, text } = received;
  const strange = (why: string, cause?: unknown): Undocumented =>
    new Undocumented(`${route.operationId}: ${status}: ${why}`, received, { cause });
  const json = (): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw strange('the answer is not JSON', cause);
    }
  };
  const shaped = <T>(schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(json());
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0]!;
    throw strange(`the answer breaks the contract at ${path.join('.') || 'its root'}: ${message}`);
  };

  const documented = (route.responses as Record<number, Documented | undefined>)[status];
  if (documented === undefined) throw strange('the status is not documented');
  if (status < 400) {
    const schema = documented.content?.['application/json']?.schema;
    return { status, body: schema === undefined ? undefined : shaped(schema), headers } as AnswerOf<R>;
  }
  const problem = shaped(Problem);
  const known = documented.content?.['application/problem+json']?.examples ?? {};
  if (problems[problem.code].status !== status || !Object.hasOwn(known, problem.code)) {
    throw strange(`${problem.code} is not documented for this route`);
  }
  throw Refusal.from(problem);
}
