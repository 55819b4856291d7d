import type { Problem } from '@onsale/shared/errors';
import { problemCodes } from '@onsale/shared/errors';
import type { Order } from '@onsale/shared/http/orders';
import { deviceOf } from '@onsale/shared/ids';
import { signToken, type TokenKind, type TokenPayload } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { expect, test } from 'vitest';
import { bearer, hmacKey } from '../door.ts';
import {
  type Ask,
  answer,
  call,
  desk,
  EVENT,
  fingerprint,
  hold,
  key,
  OTHER_EVENT,
  order,
  ring,
  sale,
  shopper,
} from './front.ts';

/** Everything that can be asked wrongly. */
export function problems(): void {
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
      device: deviceOf(buyer),
      expiresAtMs: nowMs + 60_000,
    };
    const operator: TokenPayload<'operator'> = { name: 'x', role: 'manager', expiresAtMs: nowMs + 60_000 };
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
      [
        'mediaType',
        ...post(`/api/v1/events/${EVENT}/claim`, { 'content-type': 'application/xml' }, '<pass/>'),
      ],
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
      [
        'placeUnknown',
        `${line}/me`,
        {
          headers: mint('place', {
            event: EVENT,
            place,
            buyer,
            order: 1,
            lane: 'general',
            turn: 1,
            epoch: 99,
          }),
        },
      ],
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
}
