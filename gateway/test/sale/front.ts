import { createHash } from 'node:crypto';
import type { Joined, PlaceStatus } from '@onsale/shared/http/line';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { deviceOf } from '@onsale/shared/ids';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { type Keyring, keyringOf } from '@onsale/shared/tokens/keyring';
import { afterAll, beforeAll, expect } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import { type Sale, startSale } from '../../../test/sale.ts';
import { until } from '../../../test/until.ts';
import { bearer } from '../door.ts';

export const EVENT = 'club-night';
export const OTHER_EVENT = 'dodgers-live';

/** One for all cases of the file: they are of the same process. */
export let sale: Sale;
export let ring: Keyring;

/** Starts the sale before the first test of the file, and stops it after the last. */
export function oneSale(): void {
  beforeAll(async () => {
    sale = await startSale();
    ring = keyringOf(sale.env.HMAC_KEYS!);
    // Of an earlier file's memory nothing is here: the first ticks have to have happened.
    await until(async () => (await desk(EVENT)).live !== null && (await desk(OTHER_EVENT)).live !== null, {
      what: 'the rooms tick',
    });
  });
  afterAll(() => sale?.stop());
}

/** Cookies of the fans, by the device that their tokens are bound to. */
const cookies = new Map<string, string>();
function cookieFor(authorization = ''): Record<string, string> {
  const payload = Buffer.from(authorization.split('.')[2] ?? '', 'base64url').toString();
  const cookie = cookies.get(/"device":"([^"]+)"/.exec(payload)?.[1] ?? '');
  return cookie === undefined ? {} : { cookie };
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}
export function call(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Response> {
  return fetch(sale.gatewayUrl + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...cookieFor(headers.authorization),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
export async function answer<T>(asked: Promise<Response>, status: number): Promise<T> {
  const http = await asked;
  const text = await http.text();
  expect(http.status, text).toBe(status);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
export const desk = (eventId: string): Promise<OperatorRoom> =>
  answer(call(`/api/v1/operator/rooms/${eventId}`, { headers: bearer(sale.operatorToken) }), 200);

export async function shopper(eventId = EVENT) {
  const joined = await call(`/api/v1/events/${eventId}/line`, { method: 'POST' });
  const { status: first, placeToken } = await answer<Joined>(Promise.resolve(joined), 201);
  // The answer to the join is the offer where the machine is not busy with much else.
  const status = await until(
    async () => {
      const path = `/api/v1/events/${eventId}/line/me`;
      const now =
        first.state === 'offered'
          ? first
          : await answer<PlaceStatus>(call(path, { headers: bearer(placeToken) }), 200);
      return now.state === 'offered' && now;
    },
    { what: 'his turn' },
  );
  const cookie = joined.headers.get('set-cookie')!.split(';')[0]!;
  cookies.set(deviceOf(verifyToken(ring, 'place', placeToken, 0).buyer), cookie);
  const claimed = await answer<{ session: string }>(
    call(`/api/v1/events/${eventId}/claim`, {
      method: 'POST',
      headers: { cookie },
      body: { pass: status.pass },
    }),
    200,
  );
  return { placeToken, pass: status.pass, session: claimed.session, cookie };
}

export const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });
export const hold = (session: string, name: string, body: unknown = { tierId: 'general', quantity: 1 }) =>
  call(`/api/v1/events/${EVENT}/holds`, {
    method: 'POST',
    headers: { ...bearer(session), ...key(name) },
    body,
  });
export const order = (session: string, holdId: string, name: string) =>
  call('/api/v1/orders', {
    method: 'POST',
    headers: { ...bearer(session), ...key(name) },
    body: { holdId, name: 'A Fan', email: 'fan@example.org' },
  });

/** Everything a refused request might have changed. */
export async function fingerprint(): Promise<string> {
  const tables = [
    'tickets',
    'holds',
    'orders',
    'order_lines',
    'payments',
    'refunds',
    'rooms',
    'events',
    'audit',
  ];
  const rows = await onServer(sale.databaseUrl, async (client) => {
    const counts: unknown[] = [];
    for (const table of tables) {
      const { rows: all } = await client.query(
        `select count(*), md5(string_agg(t::text, ',' order by t::text)) from "${table}" t`,
      );
      counts.push(all);
    }
    return counts;
  });
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
