import type { Problem } from '@onsale/shared/errors';

/** No answer of use: the device is cut off, the gateway is away, there were too many requests, or one is being worked on. */
export interface Lost {
  readonly kind: 'offline' | 'away' | 'tooMany' | 'busy';
  readonly retryAfterMs: number | null;
}

export type Answer<T> =
  | {
      readonly outcome: 'answered';
      readonly value: T;
      readonly retryAfterMs: number | null;
      readonly etag: string | null;
    }
  | { readonly outcome: 'same'; readonly retryAfterMs: number | null }
  | { readonly outcome: 'refused'; readonly problem: Problem }
  | { readonly outcome: 'lost'; readonly lost: Lost };

export interface CallOptions {
  readonly token?: string | null;
  readonly session?: string | null;
  readonly key?: string;
  readonly etag?: string | null;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Done, and on its way. */
const withoutContent = [202, 204];

/** Longer than the gateway waits for the core, so that its answer is heard. */
const timeoutMs = 15_000;

/** One request to our API, and every way it can end. Never throws. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      cache: 'no-store',
      headers: headersOf(options),
      signal: AbortSignal.timeout(timeoutMs),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return await read<T>(response);
  } catch {
    return { outcome: 'lost', lost: { kind: 'offline', retryAfterMs: null } };
  }
}

function headersOf({ token, session, key, etag, body }: CallOptions): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token == null ? {} : { authorization: `Bearer ${token}` }),
    ...(session == null ? {} : { 'onsale-session': session }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(etag == null ? {} : { 'if-none-match': etag }),
  };
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const retryAfterMs = retryAfterOf(response);
  if (response.status === 304) return { outcome: 'same', retryAfterMs };
  if (response.ok) {
    const value = (withoutContent.includes(response.status) ? null : await response.json()) as T;
    return { outcome: 'answered', value, retryAfterMs, etag: response.headers.get('etag') };
  }
  if (response.status === 429) return { outcome: 'lost', lost: { kind: 'tooMany', retryAfterMs } };
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  // Nothing was changed by a 5xx of ours, and a bare error is a proxy's: the same request may be sent again.
  if (response.status >= 500 || !isProblem) return { outcome: 'lost', lost: { kind: 'away', retryAfterMs } };
  return { outcome: 'refused', problem: (await response.json()) as Problem };
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
