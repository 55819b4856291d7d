import { randomBytes, randomUUID } from 'node:crypto';
import type { problemCodes } from '@onsale/shared/errors';
import { signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { openSale, type Shopper, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
let other: string;
let buyer: Shopper;
beforeAll(async () => {
  sale = await openSale();
  event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  other = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  buyer = shopper(sale, event);
});
afterAll(() => sale.close());

/** Everything that a refused request could have changed. */
const written = async (): Promise<string> => {
  const { rows } = await sql<{ all: string }>`select md5(concat(
    (select string_agg(t::text, ',' order by id) from tickets t), (select string_agg(h::text, ',' order by id) from holds h),
    (select string_agg(o::text, ',' order by id) from orders o), (select string_agg(p::text, ',' order by id) from payments p),
    (select count(*) from audit), (select count(*) from sandbox_charges))) "all"`.execute(sale.database.db);
  return rows[0]!.all;
};

interface Refused {
  readonly what: string;
  readonly request: () => Response | Promise<Response>;
  readonly code: (typeof problemCodes)[number];
}

async function allRefused(cases: readonly Refused[]): Promise<void> {
  const before = await written();
  for (const { what, request, code } of cases) {
    const response = await request();
    const text = await response.text();
    expect(response.headers.get('content-type'), what).toBe('application/problem+json');
    const problem = JSON.parse(text);
    expect(problem, what).toMatchObject({
      code,
      status: response.status,
      type: `urn:onsale:problem:${code}`,
      requestId: expect.any(String),
    });
    expect(text, what).not.toMatch(/at .*\.ts|node_modules|select |insert /);
  }
  expect(await written()).toBe(before);
  expect(sale.faults).toEqual([]);
}

const post = (
  path: string,
  token: string,
  body: string | ReadableStream,
  headers: Record<string, string> = {},
) =>
  sale.cores[0]!.publicApp.request(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body,
  });

describe('what is refused', () => {
  test('[API-2] [API-1] input that is not as documented changes nothing', async () => {
    const holds = `/api/v1/events/${event}/holds`;
    const hold = (body: object, headers?: Record<string, string>) => () =>
      post(holds, buyer.session, JSON.stringify(body), headers);
    const fine = { tierId: 'a', quantity: 1 };
    const { body: held } = await buyer.hold(1);
    const orderBody = { holdId: held.holdId, name: 'Somebody', email: 'somebody@example.org' };
    const order = (body: object) => () => post('/api/v1/orders', buyer.session, JSON.stringify(body));
    await allRefused([
      { what: 'negative', request: hold({ ...fine, quantity: -1 }), code: 'malformed' },
      { what: 'zero', request: hold({ ...fine, quantity: 0 }), code: 'malformed' },
      { what: 'a fraction', request: hold({ ...fine, quantity: 1.5 }), code: 'malformed' },
      { what: 'far too many', request: hold({ ...fine, quantity: 1e9 }), code: 'malformed' },
      { what: 'over the limit', request: hold({ ...fine, quantity: 20 }), code: 'buyerLimit' },
      { what: 'a text', request: hold({ ...fine, quantity: '1' }), code: 'malformed' },
      { what: 'no tier', request: hold({ quantity: 1 }), code: 'malformed' },
      { what: 'a tier with a NUL', request: hold({ ...fine, tierId: 'a\0' }), code: 'malformed' },
      { what: 'a tier that is not there', request: hold({ ...fine, tierId: 'z' }), code: 'tierUnknown' },
      { what: 'broken JSON', request: () => post(holds, buyer.session, '{"tierId":'), code: 'malformed' },
      { what: 'no JSON', request: hold(fine, { 'content-type': 'text/plain' }), code: 'mediaType' },
      { what: 'a form', request: hold(fine, { 'content-type': 'multipart/form-data' }), code: 'mediaType' },
      {
        what: '10 MB',
        request: () => post(holds, buyer.session, `{"tierId":"${'a'.repeat(10_000_000)}"}`),
        code: 'bodyTooLarge',
      },
      {
        what: 'a key too long',
        request: hold(fine, { 'idempotency-key': 'k'.repeat(256) }),
        code: 'malformed',
      },
      { what: 'a key with a blank', request: hold(fine, { 'idempotency-key': 'a b' }), code: 'malformed' },
      { what: 'a hold that is no uuid', request: order({ ...orderBody, holdId: 'x' }), code: 'malformed' },
      { what: 'a name with a NUL', request: order({ ...orderBody, name: 'a\0b' }), code: 'malformed' },
      { what: 'a name of blanks', request: order({ ...orderBody, name: '   ' }), code: 'malformed' },
      { what: 'no mail address', request: order({ ...orderBody, email: 'nobody' }), code: 'malformed' },
      {
        what: 'a hold of nobody',
        request: order({ ...orderBody, holdId: randomUUID() }),
        code: 'holdUnknown',
      },
      {
        what: 'an event that is not there',
        request: () => sale.cores[0]!.publicApp.request('/api/v1/events/nothing'),
        code: 'eventUnknown',
      },
      {
        what: 'a path that is not there',
        request: () => sale.cores[0]!.publicApp.request('/x'),
        code: 'routeUnknown',
      },
      {
        what: 'an event of another alphabet',
        request: () => sale.cores[0]!.publicApp.request('/api/v1/events/%00'),
        code: 'malformed',
      },
    ]);
    const withoutKey = await buyer.send('POST', holds, { body: fine });
    expect(withoutKey.body.code).toBe('idempotencyKeyMissing');
  });

  test('[API-3] [BOOK-11] a token that is forged, expired, of another kind, or for something else opens nothing', async () => {
    const holds = `/api/v1/events/${event}/holds`;
    const payload = {
      event,
      place: randomBytes(16).toString('base64url'),
      turn: 1,
      buyer: randomUUID(),
      device: 'd'.repeat(16),
      expiresAtMs: Date.now() + 60_000,
    };
    const strange = keyringOf(`t1:${randomBytes(32).toString('base64')}`);
    const { body: hold } = await buyer.hold(1);
    const { body: order } = await buyer.order(hold.holdId);
    const mine = signToken(sale.ring, 'session', payload);
    const elsewhere = signToken(sale.ring, 'session', { ...payload, event: other });
    const asking = (token: string) => () => post(holds, token, JSON.stringify({ tierId: 'a', quantity: 1 }));
    const get = (path: string, token?: string) => () =>
      sale.cores[0]!.publicApp.request(
        path,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      );
    const paying = (token: string, orderId: string) => () =>
      post(`/api/v1/orders/${orderId}/payments`, token, '{"method":"sandboxApprove"}');
    const strangeOrder = signToken(sale.ring, 'order', { order: randomUUID() });
    await allRefused([
      { what: 'none', request: get(`/api/v1/holds/${hold.holdId}`), code: 'tokenMissing' },
      {
        what: 'of another key',
        request: asking(signToken(strange, 'session', payload)),
        code: 'tokenInvalid',
      },
      { what: 'cut', request: asking(mine.slice(0, -1)), code: 'tokenInvalid' },
      { what: 'changed', request: asking(mine.replace(/\.[^.]/, '.A')), code: 'tokenInvalid' },
      {
        what: 'expired',
        request: asking(signToken(sale.ring, 'session', { ...payload, expiresAtMs: Date.now() - 1 })),
        code: 'tokenExpired',
      },
      { what: 'of another event', request: asking(elsewhere), code: 'tokenInvalid' },
      { what: 'of another kind', request: asking(order.orderToken), code: 'tokenInvalid' },
      {
        what: 'a place',
        request: asking(signToken(sale.ring, 'place', { ...payload, order: 1, lane: 'general', epoch: 1 })),
        code: 'tokenInvalid',
      },
      {
        what: 'a hold of another event',
        request: get(`/api/v1/holds/${hold.holdId}`, elsewhere),
        code: 'holdUnknown',
      },
      { what: 'a hold of another', request: get(`/api/v1/holds/${hold.holdId}`, mine), code: 'holdUnknown' },
      { what: 'no order token', request: get(`/api/v1/orders/${order.orderId}`), code: 'tokenMissing' },
      {
        what: 'session for order',
        request: get(`/api/v1/orders/${order.orderId}`, buyer.session),
        code: 'tokenInvalid',
      },
      {
        what: 'another order',
        request: get(`/api/v1/orders/${order.orderId}`, strangeOrder),
        code: 'tokenInvalid',
      },
      {
        what: 'tickets',
        request: get(`/api/v1/orders/${order.orderId}/tickets`, strangeOrder),
        code: 'tokenInvalid',
      },
      { what: 'paying', request: paying(strangeOrder, order.orderId), code: 'tokenInvalid' },
      {
        what: 'order for orders',
        request: () => post('/api/v1/orders', order.orderToken, '{}'),
        code: 'tokenInvalid',
      },
    ]);
  });

  test('[API-1] a database that is away is said to be away, and found again', async () => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() pid`.execute(sale.database.db);
    const killer = openDatabase(sale.url, { connections: 1 });
    const kill = () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(killer.db);
    expect(rows).toHaveLength(1);
    const answers = await Promise.all([
      kill(),
      ...Array.from({ length: 20 }, () => shopper(sale, event).look(randomUUID())),
    ]).then(([, ...all]) => all);
    for (const { body } of answers) expect(['holdUnknown', 'unavailable']).toContain(body.code);
    await expect.poll(async () => (await buyer.look(randomUUID())).body.code).toBe('holdUnknown');
    await killer.close();
    expect(sale.faults).toEqual([]);
  });
});
