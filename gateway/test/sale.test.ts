import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { Problem } from '@onsale/shared/errors';
import { problemCodes } from '@onsale/shared/errors';
import type { CheckedIn } from '@onsale/shared/http/check-ins';
import type { Event } from '@onsale/shared/http/events';
import type { Hold } from '@onsale/shared/http/holds';
import type { Joined } from '@onsale/shared/http/line';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { StockMoved } from '@onsale/shared/http/operator-stock';
import type { Order } from '@onsale/shared/http/orders';
import { limits } from '@onsale/shared/limits';
import { type ServerMessage, SOCKET_EVENT } from '@onsale/shared/socket';
import { signToken, type TokenKind, type TokenPayload } from '@onsale/shared/tokens/hmac';
import { type Keyring, keyringOf } from '@onsale/shared/tokens/keyring';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onServer } from '../../bin/stack/database.ts';
import { SANDBOX_SIGNATURE } from '../../booking-core/src/payments/sandbox.ts';
import { signWebhook, webhookKeys } from '../../booking-core/src/payments/signature.ts';
import { type Sale, startSale } from '../../test/sale.ts';
import { until } from '../../test/until.ts';
import { bearer, hmacKey } from './door.ts';

const EVENT = 'club-night';
const OTHER_EVENT = 'dodgers-live';

let sale: Sale;
let ring: Keyring;
beforeAll(async () => {
  sale = await startSale();
  ring = keyringOf(sale.env.HMAC_KEYS!);
  // Of an earlier file's memory nothing is here: the first ticks have to have happened.
  await until(async () => (await desk(EVENT)).live !== null && (await desk(OTHER_EVENT)).live !== null, {
    what: 'the rooms tick',
  });
});
afterAll(() => sale?.stop());

interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}
function call(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Response> {
  return fetch(sale.gatewayUrl + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
async function answer<T>(asked: Promise<Response>, status: number): Promise<T> {
  const http = await asked;
  const text = await http.text();
  expect(http.status, text).toBe(status);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
const desk = (eventId: string): Promise<OperatorRoom> =>
  answer(call(`/api/v1/operator/rooms/${eventId}`, { headers: bearer(sale.operatorToken) }), 200);

async function shopper(eventId = EVENT) {
  const { status, placeToken } = await answer<Joined>(
    call(`/api/v1/events/${eventId}/line`, { method: 'POST' }),
    201,
  );
  if (status.state !== 'offered') throw new Error(`joined to be ${status.state}`);
  const claimed = await answer<{ session: string }>(
    call(`/api/v1/events/${eventId}/claim`, { method: 'POST', body: { pass: status.pass } }),
    200,
  );
  return { placeToken, pass: status.pass, session: claimed.session };
}

const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });
const hold = (session: string, name: string, body: unknown = { tierId: 'general', quantity: 1 }) =>
  call(`/api/v1/events/${EVENT}/holds`, {
    method: 'POST',
    headers: { ...bearer(session), ...key(name) },
    body,
  });
const order = (session: string, holdId: string, name: string) =>
  call('/api/v1/orders', {
    method: 'POST',
    headers: { ...bearer(session), ...key(name) },
    body: { holdId, name: 'A Fan', email: 'fan@example.org' },
  });

/** Everything a refused request might have changed. */
async function fingerprint(): Promise<string> {
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

test('[LINE-6] [ADM-8] [LINE-10] [BOOK-14] from the line to the tickets and in at the door; the session that paid is over at once', async () => {
  const { placeToken, session } = await shopper();
  const heard: ServerMessage[] = [];
  const socket = io(sale.gatewayUrl, { auth: { v: 1, placeToken }, transports: ['websocket'] });
  socket.on(SOCKET_EVENT, (message: ServerMessage) => heard.push(message));
  await until(() => heard.length > 0, { what: 'a first status' });

  const held = await answer<{ holdId: string }>(hold(session, 'one'), 201);
  expect(await answer(hold(session, 'one'), 201)).toMatchObject({ holdId: held.holdId });
  const bought = await answer<Order>(order(session, held.holdId, 'two'), 201);
  const pay = (headers: Record<string, string>) =>
    call(`/api/v1/orders/${bought.orderId}/payments`, {
      method: 'POST',
      headers: { ...bearer(bought.orderToken), ...headers },
      body: { method: 'sandboxApprove' },
    });
  const paid = await answer<Order>(pay({ ...key('three'), 'onsale-session': session }), 200);
  expect(paid.state).toBe('paid');

  expect(
    await answer(call(`/api/v1/events/${EVENT}/line/me`, { headers: bearer(placeToken) }), 200),
  ).toMatchObject({ state: 'over', reason: 'ordered', mayJoinAgain: true });
  await until(() => heard.some((message) => message.type === 'status' && message.status.state === 'over'), {
    withinMs: 2_000,
    what: 'the socket hears of it',
  });
  expect(await answer(hold(session, 'four'), 403)).toMatchObject({ code: 'sessionOver' });
  // What is bought stays at hand, and paying again pays nothing.
  expect(await answer(pay(key('three')), 200)).toMatchObject({ state: 'paid' });
  const { tickets } = await answer<{ tickets: Array<{ code: string }> }>(
    call(`/api/v1/orders/${bought.orderId}/tickets`, { headers: bearer(bought.orderToken) }),
    200,
  );
  expect(tickets).toHaveLength(1);
  socket.disconnect();

  const scan = () =>
    call('/api/v1/operator/check-ins', {
      method: 'POST',
      headers: bearer(sale.operatorToken),
      body: { code: tickets[0]!.code },
    });
  const entered = await answer<CheckedIn>(scan(), 200);
  expect(entered).toMatchObject({ eventId: EVENT, orderId: bought.orderId });
  expect(await answer(scan(), 409)).toMatchObject({
    code: 'alreadyCheckedIn',
    checkedInAtMs: entered.checkedInAtMs,
  });
});

test('[API-1] [API-2] [API-3] [API-7] what is wrong is one documented problem, and changes nothing', async () => {
  const mine = await shopper();
  const held = await answer<{ holdId: string }>(hold(mine.session, 'bad-1'), 201);
  const bought = await answer<Order>(order(mine.session, held.holdId, 'bad-2'), 201);
  const strange = keyringOf(hmacKey('k1'));
  const nowMs = Date.now();
  const buyer = crypto.randomUUID();
  const place = 'A'.repeat(22);
  const session: TokenPayload<'session'> = {
    event: EVENT,
    place,
    turn: 1,
    buyer,
    expiresAtMs: nowMs + 60_000,
  };
  const operator: TokenPayload<'operator'> = { name: 'x', role: 'operator', expiresAtMs: nowMs + 60_000 };
  const mint = <K extends TokenKind>(kind: K, payload: TokenPayload<K>, by = ring) =>
    bearer(signToken(by, kind, payload));

  const holds = `/api/v1/events/${EVENT}/holds`;
  const line = `/api/v1/events/${EVENT}/line`;
  const payments = `/api/v1/orders/${bought.orderId}/payments`;
  const room = `/api/v1/operator/rooms/${EVENT}`;
  const moves = `/api/v1/operator/events/${EVENT}/stock-moves`;
  const operating = { ...bearer(sale.operatorToken), ...key('m') };
  const good = { tierId: 'general', quantity: 1 };
  const buying = { ...bearer(mine.session), ...key('bad-3') };
  const forged = `${mine.session.slice(0, -2)}${mine.session.endsWith('AA') ? 'BB' : 'AA'}`;
  const tooLarge = JSON.stringify({ tierId: 'x'.repeat(10 * 1024 * 1024), quantity: 1 });
  const post = (path: string, headers: Record<string, string>, body?: unknown): [string, Ask] => [
    path,
    { method: 'POST', headers, ...(body === undefined ? {} : { body }) },
  ];
  const cases: Array<[code: string, path: string, ask?: Ask]> = [
    // Not there.
    ['routeUnknown', '/api/v1/nothing'],
    ['routeUnknown', '/api/v1/events/../../etc/passwd'],
    ['methodNotAllowed', line, { method: 'PUT' }],
    ['methodNotAllowed', holds, { method: 'DELETE' }],
    ['eventUnknown', '/api/v1/events/no-such-event'],
    ['eventUnknown', ...post('/api/v1/events/no-such-event/line', {})],
    ['eventUnknown', ...post('/api/v1/events/no-such-event/claim', {}, { pass: 'x' })],
    ['eventUnknown', '/api/v1/operator/rooms/no-such-event', { headers: bearer(sale.operatorToken) }],
    ['malformed', '/api/v1/events/NO%00SUCH'],
    ['malformed', ...post('/api/v1/events/%2e%2e%2f/line', {})],
    ['malformed', '/api/v1/holds/17', { headers: bearer(mine.session) }],
    ['holdUnknown', `/api/v1/holds/${crypto.randomUUID()}`, { headers: bearer(mine.session) }],
    ['holdUnknown', ...post(`/api/v1/holds/${crypto.randomUUID()}/extension`, buying)],
    ['idempotencyKeyMissing', ...post(`/api/v1/holds/${held.holdId}/extension`, bearer(mine.session))],
    ['tokenMissing', ...post(`/api/v1/holds/${held.holdId}/extension`, key('t'))],
    ['tierUnknown', ...post(holds, buying, { tierId: 'no-such', quantity: 1 })],
    // Bodies.
    ['malformed', ...post(holds, buying, '{"tierId": "general", "quantity"')],
    ['malformed', ...post(holds, buying, { tierId: 'general' })],
    ['malformed', ...post(holds, buying, { tierId: 'general', quantity: -1 })],
    ['malformed', ...post(holds, buying, { tierId: 'general', quantity: 0 })],
    ['malformed', ...post(holds, buying, { tierId: 'general', quantity: 1.5 })],
    ['malformed', ...post(holds, buying, { tierId: 'general', quantity: 1e9 })],
    ['malformed', ...post(holds, buying, { tierId: 'gen\u0000eral', quantity: 1 })],
    [
      'malformed',
      ...post('/api/v1/orders', buying, { holdId: held.holdId, name: 'A\u0000B', email: 'a@b.org' }),
    ],
    ['malformed', ...post(payments, { ...bearer(bought.orderToken), ...key('p') }, { method: 'gold' })],
    ['mediaType', ...post(holds, { ...buying, 'content-type': 'text/plain' }, good)],
    ['mediaType', ...post(`/api/v1/events/${EVENT}/claim`, { 'content-type': 'application/xml' }, '<pass/>')],
    ['bodyTooLarge', ...post(holds, buying, tooLarge)],
    ['bodyTooLarge', ...post(`/api/v1/events/${EVENT}/claim`, {}, tooLarge)],
    ['bodyTooLarge', room, { method: 'PATCH', headers: bearer(sale.operatorToken), body: tooLarge }],
    ['idempotencyKeyMissing', ...post(holds, bearer(mine.session), good)],
    ['malformed', ...post(holds, { ...bearer(mine.session), ...key('k'.repeat(256)) }, good)],
    ['malformed', room, { method: 'PATCH', headers: bearer(sale.operatorToken), body: { capacity: -1 } }],
    ['malformed', room, { method: 'PATCH', headers: bearer(sale.operatorToken), body: { speed: 1 } }],
    // Tokens: none, forged, expired, of another kind, event or order.
    ['tokenMissing', ...post(holds, key('t'), good)],
    ['tokenMissing', `${line}/me`],
    ['tokenMissing', `/api/v1/orders/${bought.orderId}`],
    ['tokenMissing', ...post(holds, { authorization: `Basic ${mine.session}`, ...key('t') }, good)],
    ['tokenInvalid', ...post(holds, { ...bearer(forged), ...key('t') }, good)],
    ['tokenInvalid', ...post(holds, { ...bearer('x'.repeat(5_000)), ...key('t') }, good)],
    ['tokenInvalid', ...post(holds, { ...mint('session', session, strange), ...key('t') }, good)],
    ['tokenInvalid', ...post(holds, { ...bearer(mine.placeToken), ...key('t') }, good)],
    [
      'tokenInvalid',
      ...post(holds, { ...mint('session', { ...session, event: OTHER_EVENT }), ...key('t') }, good),
    ],
    [
      'tokenExpired',
      ...post(holds, { ...mint('session', { ...session, expiresAtMs: nowMs - 1 }), ...key('t') }, good),
    ],
    ['tokenInvalid', `/api/v1/events/${OTHER_EVENT}/line/me`, { headers: bearer(mine.placeToken) }],
    ['tokenInvalid', `${line}/me`, { headers: bearer(mine.session) }],
    ['placeUnknown', `${line}/me`, { headers: mint('place', { event: EVENT, place, buyer, order: 1 }) }],
    ['tokenInvalid', ...post(line, bearer(mine.session))],
    ['tokenInvalid', ...post(`/api/v1/events/${EVENT}/claim`, {}, { pass: 'not.a.pass' })],
    ['tokenInvalid', ...post(`/api/v1/events/${EVENT}/claim`, {}, { pass: mine.session })],
    ['tokenInvalid', ...post(`/api/v1/events/${OTHER_EVENT}/claim`, {}, { pass: mine.pass })],
    [
      'tokenInvalid',
      ...post(
        payments,
        { ...mint('order', { order: held.holdId }), ...key('t') },
        { method: 'sandboxApprove' },
      ),
    ],
    ['tokenInvalid', `/api/v1/orders/${bought.orderId}/tickets`, { headers: bearer(mine.session) }],
    // Operators.
    ['tokenMissing', room],
    ['tokenMissing', '/api/v1/operator/rooms'],
    ['tokenMissing', room, { method: 'PATCH', body: { paused: true } }],
    ['tokenMissing', room, { method: 'PATCH', body: 'nonsense' }],
    ['tokenInvalid', room, { method: 'PATCH', headers: bearer(mine.session), body: { paused: true } }],
    [
      'tokenInvalid',
      room,
      { method: 'PATCH', headers: mint('operator', operator, strange), body: { paused: true } },
    ],
    ['tokenExpired', room, { headers: mint('operator', { ...operator, expiresAtMs: nowMs - 1 }) }],
    [
      'tokenMissing',
      ...post(moves, key('m'), { move: 'block', tickets: { tierId: 'general', quantity: 1 } }),
    ],
    [
      'tierUnknown',
      ...post(moves, operating, { move: 'block', tickets: { tierId: 'no-such', quantity: 1 } }),
    ],
    ['notEnough', ...post(moves, operating, { move: 'unblock', tickets: { ticketIds: [1, 2] } })],
    ['malformed', ...post(moves, operating, { move: 'block', tickets: {} })],
    ['tokenMissing', ...post('/api/v1/operator/check-ins', {}, { code: 'x' })],
    ['tokenInvalid', ...post('/api/v1/operator/check-ins', bearer(mine.session), { code: 'x' })],
    ['tokenInvalid', ...post('/api/v1/operator/check-ins', bearer(sale.operatorToken), { code: 'x' })],
    ['malformed', ...post('/api/v1/operator/check-ins', bearer(sale.operatorToken), { code: '' })],
    ['tokenMissing', `/api/v1/operator/events/${EVENT}`, { method: 'PATCH', body: { holdTtlMs: 5_000 } }],
  ];

  const before = await fingerprint();
  for (const [code, path, ask] of cases) {
    const name = `${ask?.method ?? 'GET'} ${path} ${JSON.stringify(ask)?.slice(0, 200)}`;
    const http = await call(path, ask);
    const text = await http.text();
    expect(http.headers.get('content-type'), `${name}: ${text}`).toBe('application/problem+json');
    const problem = JSON.parse(text) as Problem;
    expect(problem.code, name).toBe(code);
    expect(problem).toMatchObject({ status: http.status, type: `urn:onsale:problem:${code}` });
    expect(problem.requestId).toBe(http.headers.get('x-request-id'));
    expect(problemCodes).toContain(problem.code);
    expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|select |stack/i);
  }
  expect(await fingerprint()).toBe(before);
  expect((await desk(EVENT)).policy.paused).toBe(false);
}, 120_000);

test('[API-5] the pass is verified without our code, with the published keys', async () => {
  const { pass } = await shopper();
  const { keys } = await answer<{ keys: Array<JsonWebKey & { kid: string }> }>(
    call('/.well-known/jwks.json'),
    200,
  );
  expect(keys.every(({ d }) => d === undefined)).toBe(true);

  const [head, payload, signature] = pass.split('.') as [string, string, string];
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString());
  const jwk = keys.find(({ kid }) => kid === read(head).kid)!;
  const good = verify(
    null,
    Buffer.from(`${head}.${payload}`),
    createPublicKey({ key: jwk, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  expect(good).toBe(true);
  expect(read(head)).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
  expect(read(payload)).toMatchObject({ iss: sale.env.PUBLIC_URL, aud: EVENT, turn: 1 });
});

test('[API-6] internal routes are not on the public port, nor answer without the service token', async () => {
  for (const path of ['/internal/rooms', `/internal/rooms/${EVENT}`, '/healthz', '/metrics']) {
    const http = await call(path, { headers: bearer(sale.serviceToken) });
    expect(http.status, path).toBe(404);
  }
  expect((await fetch(`${sale.env.CORE_INTERNAL_URL}/internal/rooms`)).status).toBe(401);
});

test('[API-7] [ADM-9] operators see policy, line and stock of every room, and change the policy', async () => {
  const { rooms } = await answer<{ rooms: OperatorRoom[] }>(
    call('/api/v1/operator/rooms', { headers: bearer(sale.operatorToken) }),
    200,
  );
  expect(rooms.map(({ policy }) => policy.eventId).sort()).toEqual([EVENT, OTHER_EVENT]);
  for (const { live, stock } of rooms) {
    expect(live).not.toBeNull();
    expect(stock!.free + stock!.held + stock!.sold + stock!.blocked).toBe(stock!.total);
  }
  await answer(
    call(`/api/v1/operator/events/${EVENT}`, {
      method: 'PATCH',
      headers: bearer(sale.operatorToken),
      body: { holdTtlMs: 60_000 },
    }),
    204,
  );
  await until(
    async () => {
      const event = await answer<{ holdTtlMs: number }>(call(`/api/v1/events/${EVENT}`), 200);
      return event.holdTtlMs === 60_000;
    },
    { withinMs: limits.eventMaxAgeMs * 4, what: 'the event with the new hold time' },
  );
});

test('[PAY-12] [PAY-13] [PAY-9] money goes back through the front door, and a provider is heard through it', async () => {
  const buy = async (name: string, quantity: number, method = 'sandboxApprove') => {
    const { session } = await shopper();
    const held = await answer<Hold>(hold(session, `${name}-1`, { tierId: 'general', quantity }), 201);
    const bought = await answer<Order>(order(session, held.holdId, `${name}-2`), 201);
    const paid = await answer<Order>(
      call(`/api/v1/orders/${bought.orderId}/payments`, {
        method: 'POST',
        headers: { ...bearer(bought.orderToken), ...key(`${name}-3`), 'onsale-session': session },
        body: { method },
      }),
      200,
    );
    expect(paid.state).toBe('paid');
    return { ...paid, orderToken: bought.orderToken };
  };
  const mine = await buy('back', 2);
  const refund = (token: string, headers: Record<string, string>, body: object) =>
    call(`/api/v1/operator/orders/${mine.orderId}/refunds`, {
      method: 'POST',
      headers: { ...bearer(token), ...headers },
      body,
    });
  const [first] = mine.tickets;
  const some = { tickets: [first!.ticketId], why: 'a wish' };
  expect(await answer(refund(mine.orderToken, key('r'), some), 401)).toMatchObject({ code: 'tokenInvalid' });
  expect(await answer(refund(sale.operatorToken, {}, some), 400)).toMatchObject({
    code: 'idempotencyKeyMissing',
  });
  for (let again = 0; again < 2; again++) {
    expect(await answer(refund(sale.operatorToken, key('r'), some), 200)).toMatchObject({
      state: 'partlyRefunded',
      refundedMinor: first!.priceMinor,
    });
  }
  expect(await answer(refund(sale.operatorToken, key('r'), { why: 'all' }), 422)).toMatchObject({
    code: 'idempotencyMismatch',
  });

  const cancel = () =>
    call(`/api/v1/orders/${mine.orderId}/cancellation`, { method: 'POST', headers: bearer(mine.orderToken) });
  expect(await answer(cancel(), 409)).toMatchObject({ code: 'cancellationClosed' });
  await answer(
    call(`/api/v1/operator/events/${EVENT}`, {
      method: 'PATCH',
      headers: bearer(sale.operatorToken),
      body: { cancelUntilMs: Date.now() + 3_600_000 },
    }),
    204,
  );
  expect(await answer(cancel(), 200)).toMatchObject({ state: 'cancelled' });
  expect(await answer(cancel(), 200)).toMatchObject({ state: 'cancelled' });

  // The bytes reach the core as they came, with their signature.
  const event = { eventId: crypto.randomUUID(), chargeId: crypto.randomUUID(), state: 'captured' };
  const bytes = new TextEncoder().encode(JSON.stringify(event, null, 2));
  const signature = signWebhook(webhookKeys(ring, 'sandbox'), bytes, Date.now());
  const deliver = (signed: string) =>
    call('/api/v1/webhooks/sandbox', {
      method: 'POST',
      headers: { [SANDBOX_SIGNATURE]: signed },
      body: JSON.stringify(event, null, 2),
    });
  await answer(deliver(signature), 204);
  expect(
    await answer(deliver(signature.replace(/.$/, (hex) => (hex === '0' ? '1' : '0'))), 401),
  ).toMatchObject({
    code: 'webhookForged',
  });

  // What the sandbox tells by itself, its own chore delivers.
  const told = await buy('told', 1, 'sandboxSlow');
  await until(
    async () =>
      (
        await onServer(sale.databaseUrl, (client) =>
          client.query(
            `select from webhook_events w join payments p on p.id = w.payment
            where p."order" = $1 and w.settled_at is not null`,
            [told.orderId],
          ),
        )
      ).rowCount === 1,
    { withinMs: 15_000, what: 'the sandbox told it' },
  );
});

test('[BOOK-16] [BOOK-13] operators block and unblock tickets, and their names are in the audit', async () => {
  const move = (name: string, body: unknown) =>
    call(`/api/v1/operator/events/${OTHER_EVENT}/stock-moves`, {
      method: 'POST',
      headers: { ...bearer(sale.operatorToken), ...key(name) },
      body,
    });
  const { tiers } = await answer<Event>(call(`/api/v1/events/${OTHER_EVENT}`), 200);
  const asked = { move: 'block', tickets: { tierId: tiers[0]!.tierId, quantity: 2 }, why: 'a camera' };
  const blocked = await answer<StockMoved>(move('stock-1', asked), 200);
  expect(await answer(move('stock-1', asked), 200)).toEqual(blocked);
  await until(async () => (await desk(OTHER_EVENT)).stock?.blocked === 2, { what: 'two blocked tickets' });
  const back = { move: 'unblock', tickets: { ticketIds: blocked.ticketIds } };
  expect(await answer(move('stock-2', back), 200)).toMatchObject({ ticketIds: blocked.ticketIds });
  const { rows } = await onServer(sale.databaseUrl, (client) =>
    client.query(`select action, actor, why, request_id is not null named from audit
      where subject = '${OTHER_EVENT}' and action like 'stock.%' order by id`),
  );
  expect(rows).toEqual([
    { action: 'stock.blocked', actor: expect.any(String), why: 'a camera', named: true },
    { action: 'stock.unblocked', actor: expect.any(String), why: null, named: true },
  ]);
});

test('[API-8] the published document names every public route and its refusals', async () => {
  const document = await answer<{
    openapi: string;
    paths: Record<
      string,
      Record<string, { operationId: string; responses: Record<string, { description: string }> }>
    >;
    components: { securitySchemes: Record<string, unknown>; schemas: Record<string, unknown> };
  }>(call('/openapi.json'), 200);
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    [
      ...['claimOffer', 'getStatus', 'joinLine', 'leaveLine'],
      ...[
        'cancelOrder',
        'createHold',
        'createOrder',
        'extendHold',
        'getEvent',
        'getHold',
        'getOrder',
        'listEvents',
        'listTickets',
        'payOrder',
        'receiveWebhook',
        'releaseHold',
      ],
      ...['cancelOperatorEvent', 'createCheckIn', 'moveStock', 'refundOperatorOrder'],
      ...['getOperatorRoom', 'listOperatorRooms', 'patchOperatorEvent', 'patchOperatorRoom', 'getJwks'],
    ].sort(),
  );
  for (const { operationId, responses } of operations) {
    const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    expect(refusals.length, operationId).toBeGreaterThan(2);
    for (const [, { description }] of refusals) expect(description).toMatch(/^`[a-zA-Z]+`: /);
  }
  expect(Object.keys(document.components.securitySchemes).sort()).toEqual([
    'operator',
    'order',
    'place',
    'session',
  ]);
});

test('[PAY-14] an event that an operator cancels sells nothing from that moment, and lets nobody in', async () => {
  const { session } = await shopper(OTHER_EVENT);
  const cancel = (body: object) =>
    call(`/api/v1/operator/events/${OTHER_EVENT}/cancellation`, {
      method: 'POST',
      headers: bearer(sale.operatorToken),
      body,
    });
  expect(await answer(cancel({}), 400)).toMatchObject({ code: 'malformed' });
  expect(await answer(cancel({ why: 'a storm' }), 200)).toMatchObject({ ordersToRefund: 0 });
  expect((await desk(OTHER_EVENT)).policy.open).toBe(false);
  expect(await answer(call(`/api/v1/events/${OTHER_EVENT}/line`, { method: 'POST' }), 409)).toMatchObject({
    code: 'roomClosed',
  });
  const held = await call(`/api/v1/events/${OTHER_EVENT}/holds`, {
    method: 'POST',
    headers: { ...bearer(session), ...key('over') },
    body: { tierId: 'field', quantity: 1 },
  });
  expect(await held.json()).toMatchObject({ code: 'eventCancelled' });
});

test('the booking core away is said as such, and what the line knows goes on', async () => {
  const { placeToken, session } = await shopper();
  await sale.kill('core', 'SIGKILL');
  expect(await answer(hold(session, 'away'), 503)).toMatchObject({ code: 'unavailable' });
  expect(
    await answer(call(`/api/v1/events/${EVENT}/line/me`, { headers: bearer(placeToken) }), 200),
  ).toMatchObject({ state: 'shopping' });
});
