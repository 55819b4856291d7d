import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Context } from 'hono';

/** An answer of the booking core, whole: its bodies are small. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: ArrayBuffer;
}

/** What reaches the core of a request, and the client of an answer; cookies, addresses and all else stay here. */
const passedOn = ['accept', 'authorization', 'content-type', 'idempotency-key', 'onsale-sandbox-signature'];
const passedBack = ['content-type', 'cache-control', 'etag', 'retry-after', 'allow'];

/**
 * Asks the booking core what the client asked: same method and path, no query, the body as it came (bounded before).
 * @throws Refusal unavailable when the core does not answer in limits.coreTimeoutMs. The write may have happened: its
 * Idempotency-Key makes asking again safe.
 */
export async function askCore(c: Context<AppEnv>, coreUrl: string): Promise<Answer> {
  const headers: Record<string, string> = { 'x-request-id': c.get('requestId') };
  for (const name of passedOn) {
    const value = c.req.header(name);
    if (value !== undefined) headers[name] = value;
  }
  const body = c.req.raw.body === null ? null : await c.req.arrayBuffer();
  try {
    const response = await fetch(coreUrl.replace(/\/$/, '') + c.req.path, {
      method: c.req.method,
      headers,
      body: body === null || body.byteLength === 0 ? null : body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.coreTimeoutMs),
    });
    return {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => passedBack.includes(name))),
      bytes: await response.arrayBuffer(),
    };
  } catch (cause) {
    throw new Refusal(
      'unavailable',
      { detail: 'The booking is away for a moment', retryAfterMs: 1_000 },
      { cause },
    );
  }
}

/** The answer as the client gets it. What belongs to one buyer is kept by nobody. */
export function toResponse(c: Context<AppEnv>, { status, headers, bytes }: Answer): Response {
  return c.newResponse(bytes.byteLength === 0 ? null : bytes, status as 200, {
    'cache-control': 'no-store',
    ...headers,
  });
}
