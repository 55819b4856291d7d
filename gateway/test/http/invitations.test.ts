import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Problem } from '@onsale/shared/errors';
import type { CodedInvitation } from '@onsale/shared/http/invitations';
import type { Joined } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { OperatorRole } from '@onsale/shared/roles';
import { signToken } from '@onsale/shared/tokens/hmac';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSale, SERVICE_TOKEN, type TestSale } from '../../../booking-core/test/sale.ts';
import { until } from '../../../test/until.ts';
import { bearer, type Door, openDoor } from '../door.ts';

let sale: TestSale;
let door: Door;
let core: ReturnType<typeof createAdaptorServer>;
/** Requests that reached the core's internal port. */
let asked = 0;

beforeAll(async () => {
  sale = await openSale();
  const { internalApp } = sale.cores[0]!;
  core = createAdaptorServer({
    fetch: (request: Request) => {
      asked += 1;
      return internalApp.fetch(request);
    },
  });
  core.listen(0, '127.0.0.1');
  await once(core, 'listening');
  const url = `http://127.0.0.1:${(core.address() as AddressInfo).port}`;
  door = await openDoor({ coreAt: { url, token: SERVICE_TOKEN } });
});
afterAll(async () => {
  await door?.close();
  core?.close();
  await sale?.close();
  expect(sale.faults).toEqual([]);
});

async function room(changes: { identity?: 'invitation' } = {}): Promise<string> {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  await sale.database.db
    .updateTable('rooms')
    .set({ paused: true, identity: changes.identity ?? 'session' })
    .where('event', '=', event)
    .execute();
  const row = await door.needs.core.room(event);
  await door.line.putRoom(row);
  await door.line.revive(event, row.epoch, 0);
  return event;
}
const as = (role: OperatorRole) =>
  bearer(signToken(door.needs.ring, 'operator', { name: 'olga', role, expiresAtMs: Date.now() + 60_000 }));

async function send<T>(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<{ status: number; body: T & Partial<Problem>; cookie: string }> {
  const http = await door.call(path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await http.text();
  return {
    status: http.status,
    body: text === '' ? {} : JSON.parse(text),
    cookie: http.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
}
const desk = <T>(
  method: string,
  event: string,
  path: string,
  body?: object,
  role: OperatorRole = 'manager',
) =>
  send<T>(
    method,
    `/api/v1/operator/rooms/${event}/${path}`,
    { ...as(role), 'idempotency-key': randomUUID() },
    body,
  );
const join = (event: string, invitation?: string, who: Record<string, string> = {}) =>
  send<Joined>(
    'POST',
    `/api/v1/events/${event}/line`,
    who,
    invitation === undefined ? undefined : { invitation },
  );

async function codes(event: string, order: object): Promise<CodedInvitation[]> {
  const { status, body } = await desk<{ invitations: CodedInvitation[] }>(
    'POST',
    event,
    'invitations',
    order,
  );
  expect(status).toBe(201);
  return body.invitations;
}

test('[LINE-26] a code as a person types it leads to the priority lane; a second browser is told that it was used', async () => {
  const event = await room();
  const [one] = await codes(event, { count: 1, label: 'members' });
  expect(one!.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
  const waiting = await join(event);
  const typed = one!.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const invited = await join(event, typed);
  expect(invited).toMatchObject({ status: 201, body: { status: { lane: 'priority', place: 1 } } });
  expect(await join(event, one!.code, { cookie: invited.cookie })).toMatchObject({ status: 200 });
  expect(await join(event, one!.code)).toMatchObject({ status: 409, body: { code: 'invitationSpent' } });

  // Who waits already changes lanes, and his sockets hear of it.
  const [another] = await codes(event, { count: 1 });
  const { messages } = door.listen({ v: 1, placeToken: waiting.body.placeToken });
  await until(() => messages.length > 0, { what: 'a first message' });
  const moved = await join(event, another!.code, { cookie: waiting.cookie });
  expect(moved).toMatchObject({ status: 200, body: { status: { lane: 'priority', place: 1 } } });
  await until(
    () =>
      messages.some(
        (one) => one.type === 'status' && one.status.state === 'waiting' && one.status.lane === 'priority',
      ),
    { what: 'the socket hears of the lane' },
  );
  const { body } = await desk<{ invitations: CodedInvitation[] }>('GET', event, 'invitations');
  expect(body.invitations.map(({ code, uses, usesMax, label }) => [code, uses, usesMax, label])).toEqual([
    [another!.code, 1, 1, null],
    [one!.code, 1, 1, 'members'],
  ]);
});

test('[LINE-26] a forged code is refused before Redis or the core is asked anything, and a code of another event with it', async () => {
  const [event, other] = [await room(), await room()];
  const [{ code }] = (await codes(event, { count: 1 })) as [CodedInvitation];
  const before = { asked, keys: (await door.redis.keys(`{${door.space.prefix}*`)).length };
  for (let at = 0; at < code.length; at += 1) {
    if (code[at] === '-') continue;
    const forged = code.slice(0, at) + (code[at] === 'A' ? 'B' : 'A') + code.slice(at + 1);
    expect(await join(event, forged), forged).toMatchObject({
      status: 403,
      body: { code: 'invitationInvalid' },
    });
  }
  for (const wrong of [code.slice(0, -1), `${code}0`, 'x', code.replace('-', '!')]) {
    expect(await join(event, wrong), wrong).toMatchObject({
      status: 403,
      body: { code: 'invitationInvalid' },
    });
  }
  expect(await join(other, code)).toMatchObject({ status: 403, body: { code: 'invitationInvalid' } });
  expect({ asked, keys: (await door.redis.keys(`{${door.space.prefix}*`)).length }).toEqual(before);
  expect(await join(event, 'x'.repeat(limits.invitationCodeMaxChars + 1))).toMatchObject({ status: 400 });
  expect(await join(event, code)).toMatchObject({ status: 201 });
});

test('[LINE-27] in a room for invited fans nobody joins without an invitation, and one is one place in however many browsers, with no second key', async () => {
  const event = await room({ identity: 'invitation' });
  const [one, another] = (await codes(event, { subjects: ['member 17', 'member 18'], lane: 'general' })) as [
    CodedInvitation,
    CodedInvitation,
  ];
  const [again] = (await codes(event, { subjects: ['member 17'], lane: 'general' })) as [CodedInvitation];
  expect(await join(event)).toMatchObject({ status: 403, body: { code: 'invitationNeeded' } });

  const first = await join(event, one.code);
  expect(first.body.status).toMatchObject({ state: 'waiting', lane: 'general', place: 1 });
  const { general } = keysOf(door.space.prefix, event);
  const keys = (await door.redis.keys(`{${door.space.prefix}:${event}}*`)).sort();
  const placeIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[2]!, 'base64url').toString());
  const { place, buyer } = placeIn(first.body.placeToken);
  // Another browser with the same code, with another code of the same member, and many of them at once.
  const others = await Promise.all(
    [one.code, one.code, again.code, again.code].map((code) => join(event, code)),
  );
  for (const { status, body, cookie } of others) {
    expect(status).toBe(200);
    expect(placeIn(body.placeToken)).toMatchObject({ place, buyer });
    // Each browser stays a device of its own: a session is bound to one.
    expect(cookie).not.toBe(first.cookie);
  }
  expect(await door.redis.zcard(general)).toBe(1);
  expect(
    (await door.redis.keys(`{${door.space.prefix}:${event}}*`)).filter((key) => !key.includes('fan')).sort(),
  ).toEqual(keys.filter((key) => !key.includes('fan')));
  // A cookie alone is no invitation; the token of a place is proof of one.
  expect(await join(event, undefined, { cookie: first.cookie })).toMatchObject({
    body: { code: 'invitationNeeded' },
  });
  expect(await join(event, undefined, bearer(first.body.placeToken))).toMatchObject({ status: 200 });
  const second = await join(event, another.code, { cookie: first.cookie });
  expect(placeIn(second.body.placeToken).place).not.toBe(place);
  expect(await door.redis.zcard(general)).toBe(2);
});

test('[LINE-26] a withdrawn invitation lets nobody else in; only managers see codes', async () => {
  const event = await room();
  const [one] = await codes(event, { count: 1, usesMax: 5 });
  const used = await join(event, one!.code);
  for (const [method, path, body] of [
    ['POST', 'invitations', { count: 1 }],
    ['GET', 'invitations', undefined],
    ['DELETE', `invitations/${one!.invitationId}`, { why: 'x' }],
    ['POST', 'removals', { buyer: randomUUID(), why: 'x' }],
    ['POST', 'seed', undefined],
  ] as const) {
    expect(await desk(method, event, path, body, 'desk'), path).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  }
  expect(
    (await desk('DELETE', event, `invitations/${one!.invitationId}`, { why: 'sent twice' })).status,
  ).toBe(204);
  expect(await join(event, one!.code)).toMatchObject({ status: 409, body: { code: 'invitationOver' } });
  expect(await join(event, one!.code, { cookie: used.cookie })).toMatchObject({ status: 200 });
  for (const wrong of [
    {},
    { count: 1, subjects: ['a'] },
    { count: limits.invitationBatchMax + 1 },
    { count: 1, lane: 'returning' },
  ]) {
    expect(await desk('POST', event, 'invitations', wrong)).toMatchObject({ status: 400 });
  }
});

test('[LINE-26] at closed doors an invitation is not used up', async () => {
  const event = await room();
  const [one] = await codes(event, { count: 1 });
  const row = await door.needs.core.room(event);
  await door.line.putRoom({ ...row, version: 50, open: false });
  door.needs.rooms.forget(event);
  expect(await join(event, one!.code)).toMatchObject({ status: 409, body: { code: 'roomClosed' } });
  await door.line.putRoom({ ...row, version: 51 });
  door.needs.rooms.forget(event);
  expect(await join(event, one!.code)).toMatchObject({ status: 201 });
});

test('[LINE-28] who is removed hears it at once, from his place, offer or session, gives up his slot, and does not join again', async () => {
  const event = await room();
  const fan = await join(event);
  const { place, buyer } = JSON.parse(
    Buffer.from(fan.body.placeToken.split('.')[2]!, 'base64url').toString(),
  );
  const { messages } = door.listen({ v: 1, placeToken: fan.body.placeToken });
  await until(() => messages.length > 0, { what: 'a first message' });
  const removal = { buyer, why: 'a reseller' };
  expect(await desk('POST', event, 'removals', removal)).toMatchObject({
    status: 200,
    body: { place, gaveUp: true },
  });
  await until(
    () =>
      messages.some(
        (one) => one.type === 'problem' || (one.type === 'status' && one.status.state === 'over'),
      ),
    { what: 'the socket hears of it, and no tick told it' },
  );
  expect(messages.at(-1)).toMatchObject({
    status: { state: 'over', reason: 'removed', mayJoinAgain: false },
  });
  expect(await join(event, undefined, { cookie: fan.cookie })).toMatchObject({
    status: 403,
    body: { code: 'placeRemoved' },
  });
  expect(await desk('POST', event, 'removals', { place, why: 'again' })).toMatchObject({
    body: { place, gaveUp: false },
  });
  for (const wrong of [{ why: 'x' }, { place, buyer, why: 'x' }, { place }]) {
    expect(await desk('POST', event, 'removals', wrong)).toMatchObject({ status: 400 });
  }
});

test('[LINE-28] a revocation ends the offer or session of that turn and leaves a later one alone', async () => {
  const event = await room();
  const row = await door.needs.core.room(event);
  const fan = await join(event);
  const { place } = JSON.parse(Buffer.from(fan.body.placeToken.split('.')[2]!, 'base64url').toString());
  let version = row.version;
  /** Lets him in as a tick does, and stops again: no other tick is in between. */
  const letIn = async (): Promise<void> => {
    await door.line.putRoom({ ...row, version: ++version, paused: false });
    const taken = await door.line.take(event, 1, 'empty');
    if (taken.outcome === 'none') throw new Error(taken.reason);
    await door.needs.core.recordBatch(event, taken.batch);
    await door.line.offer(event, taken.batch);
    await door.line.putRoom({ ...row, version: ++version });
  };
  const stage = async () => (await door.line.standing(event, place))?.stage;
  const revoke = (turn: number) => desk('POST', event, 'revocations', { place, turn, why: 'a script' });
  expect(await revoke(1)).toMatchObject({ status: 404, body: { code: 'placeUnknown' } });
  await letIn();
  await door.line.claim(event, place, 1);
  expect(await stage()).toBe('shopping');
  expect(await revoke(1)).toMatchObject({ status: 200, body: { place, gaveUp: true } });
  expect(await door.line.standing(event, place)).toMatchObject({ stage: 'over', turn: 1, reason: 'revoked' });
  const over = await send('GET', `/api/v1/events/${event}/line/me`, bearer(fan.body.placeToken));
  expect(over.body).toMatchObject({ state: 'over', reason: 'revoked', mayJoinAgain: true });

  await join(event, undefined, bearer(fan.body.placeToken));
  expect(await revoke(1)).toMatchObject({ status: 200, body: { gaveUp: false } });
  expect(await stage()).toBe('waiting');
  await letIn();
  expect(await revoke(1)).toMatchObject({ status: 200, body: { gaveUp: false } });
  expect(await stage()).toBe('offered');
});
