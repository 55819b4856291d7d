import type { AppEnv } from '@onsale/shared/service/env';
import type { Context } from 'hono';
import type { Answer, CoreWire } from '../core-wire.ts';

/** What reaches the core of a request, and the client of an answer; cookies, addresses and all else stay here. */
const passedOn = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'onsale-sandbox-signature',
  'stripe-signature',
];
const passedBack = ['content-type', 'cache-control', 'etag', 'retry-after', 'allow'];

/**
 * Asks the booking core what the client asked: same method and path, no query, the body as it came (bounded before).
 * @throws Refusal unavailable, overloaded. The write may have happened: its Idempotency-Key makes asking again safe.
 */
export async function askCore(c: Context<AppEnv>, core: CoreWire): Promise<Answer> {
  const headers: Record<string, string> = { 'x-request-id': c.get('requestId') };
  for (const name of passedOn) {
    const value = c.req.header(name);
    if (value !== undefined) headers[name] = value;
  }
  return core({ method: c.req.method, path: pathOf(c), headers, body: await bodyOf(c) });
}

/** As it was sent: Hono's own is decoded, and a section's name may have a space. */
const pathOf = (c: Context<AppEnv>): string =>
  c.req.url.includes('%') ? new URL(c.req.url).pathname : c.req.path;

/** Whether there is one, the headers say: a look at the body itself makes the server build a stream for it. */
async function bodyOf(c: Context<AppEnv>): Promise<Uint8Array | null> {
  const sent =
    c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
  return sent ? new Uint8Array(await c.req.arrayBuffer()) : null;
}

/**
 * The answer as the client gets it. What belongs to one buyer is kept by nobody. As text: the server writes it in one piece
 * with the headers.
 */
export function toResponse(c: Context<AppEnv>, { status, headers, text }: Answer): Response {
  const back: Record<string, string> = { 'cache-control': 'no-store' };
  for (const name of passedBack) {
    const value = headers[name];
    if (typeof value === 'string') back[name] = value;
  }
  return c.newResponse(text === '' ? null : text, status as 200, back);
}
