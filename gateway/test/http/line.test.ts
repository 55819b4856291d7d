import { limits } from '@onsale/shared/limits';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { bearer, type Door, EVENT, openDoor, secret } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

test('[LINE-1] joining again, by cookie or place token, at this gateway or another, gives the same place', async () => {
  await door.close();
  const placeKey = secret();
  const hmacKeys = `k1:${secret()}`;
  door = await openDoor({ placeKey, hmacKeys });
  await door.setRoom({ paused: true });
  const other = await openDoor({ placeKey, hmacKeys, space: door.space });

  const first = await door.join();
  expect(first.http.status).toBe(201);
  const again = await Promise.all([
    door.join({ cookie: first.cookie }),
    other.join({ cookie: first.cookie }),
    other.join(bearer(first.placeToken)),
  ]);
  for (const { http, placeToken, status } of again) {
    expect(http.status).toBe(200);
    expect(placeToken).toBe(first.placeToken);
    expect(status).toMatchObject({ state: 'waiting', place: 1, room: { waiting: 1 } });
  }
  expect((await door.join()).status).toMatchObject({ place: 2, ahead: 1 });
  await other.close();
});

test('[LINE-3] the first answer has a token signed by us, the exact place, and an estimate only where there is one', async () => {
  await door.setRoom({ paused: true });
  const joins = [];
  for (let count = 0; count < 5; count += 1) joins.push(await door.join());
  expect(joins.map(({ status }) => status.state === 'waiting' && [status.place, status.ahead])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 4],
  ]);
  const { placeToken, status, http } = joins[4]!;
  expect(verifyToken(door.needs.ring, 'place', placeToken, 0)).toMatchObject({ event: EVENT });
  expect(status).toMatchObject({ wait: null, room: { state: 'paused' } });
  expect(http.headers.get('set-cookie')).toMatch(
    /^onsale_fan=fan\.[^;]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/,
  );

  await door.setRoom({ ratePerMinute: 60, capacity: 1 });
  await door.tick();
  await door.tick();
  await until(async () => (await door.status(placeToken)).room.state === 'open', {
    what: 'the room is open',
  });
  const later = await door.status(placeToken);
  expect(later.state === 'waiting' && later.wait?.toMs).toBeGreaterThan(0);
});

test('[LINE-5] [LINE-3] status is not sent again while it says the same, and says when to ask', async () => {
  await door.setRoom({ paused: true });
  const { placeToken } = await door.join();
  const ask = (headers = {}) =>
    door.call(`/api/v1/events/${EVENT}/line/me`, { headers: { ...bearer(placeToken), ...headers } });
  const first = await ask();
  const etag = first.headers.get('etag')!;
  expect(first.headers.get('retry-after')).toBe('1');
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);

  await door.join();
  const changed = await until(
    async () => {
      const answer = await ask({ 'if-none-match': etag });
      return answer.status === 200 && answer;
    },
    { what: 'the room has one more waiting' },
  );
  expect(changed.headers.get('etag')).not.toBe(etag);
});

test('[LINE-6] with free capacity and nobody waiting the first answer is the offer already', async () => {
  await door.setRoom();
  for (let count = 0; count < 3; count += 1) {
    const { status } = await door.join();
    expect(status.state).toBe('offered');
  }
});

test('[LINE-6] a join that is not let in is answered with its place, and waits for no turn', async () => {
  await door.setRoom({ ratePerMinute: 0 });
  expect((await door.join()).status).toMatchObject({ state: 'waiting', place: 1 });
});

test('[LINE-7] [LINE-10] leaving ends offer and session; who was let in twice is not let in again', async () => {
  await door.setRoom({ capacity: 1 });
  const leave = (token: string) =>
    door.call(`/api/v1/events/${EVENT}/line/me`, { method: 'DELETE', headers: bearer(token) });

  const first = await door.join();
  const second = await door.join();
  expect([first.status.state, second.status.state]).toEqual(['offered', 'waiting']);
  expect((await leave(first.placeToken)).status).toBe(204);
  expect((await leave(first.placeToken)).status).toBe(204);
  await until(async () => (await door.status(second.placeToken)).state === 'offered', {
    what: 'the next fan has the slot without a scheduled tick',
  });
  expect(await door.status(first.placeToken)).toMatchObject({
    state: 'over',
    reason: 'left',
    mayJoinAgain: true,
  });

  await leave(second.placeToken);
  const back = await door.join({ cookie: first.cookie });
  expect([back.http.status, back.status.state]).toEqual([201, 'offered']);
  await leave(back.placeToken);
  expect(await door.status(back.placeToken)).toMatchObject({ state: 'over', mayJoinAgain: false });
  const spent = await door.call(`/api/v1/events/${EVENT}/line`, {
    method: 'POST',
    headers: bearer(back.placeToken),
  });
  expect([spent.status, ((await spent.json()) as { code: string }).code]).toEqual([409, 'turnsSpent']);
});

test('[LINE-8] a closed room takes nobody and keeps who waits', async () => {
  await door.setRoom({ paused: true });
  const waiting = await door.join();
  await door.setRoom({ open: false });
  const refused = await door.call(`/api/v1/events/${EVENT}/line`, { method: 'POST' });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'roomClosed']);
  const again = await door.join({ cookie: waiting.cookie });
  expect(again.status).toMatchObject({ state: 'waiting', place: 1, room: { state: 'closed' } });
});

test('[ADM-8] claiming again gives the same session, and nobody claims what he was not offered', async () => {
  await door.setRoom({ capacity: 1 });
  const { status, placeToken, cookie } = await door.join();
  if (status.state !== 'offered') throw new Error('not offered');
  const claim = (pass: string) =>
    door.call(`/api/v1/events/${EVENT}/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ pass }),
    });

  const sessions = await Promise.all([claim(status.pass), claim(status.pass), claim(status.pass)]);
  const texts = await Promise.all(
    sessions.map(async (answer) => ((await answer.json()) as { session: string }).session),
  );
  expect(new Set(texts).size).toBe(1);
  expect(await door.status(placeToken)).toMatchObject({ state: 'shopping', session: texts[0] });

  const { place, buyer } = verifyToken(door.needs.ring, 'place', placeToken, 0);
  const nowS = Math.floor(Date.now() / 1000);
  const claims = { sub: buyer, aud: EVENT, place, turn: 2, iat: nowS, exp: nowS + 60 };
  const never = await claim(await door.needs.pass.sign(claims));
  expect([never.status, ((await never.json()) as { code: string }).code]).toEqual([403, 'sessionOver']);
});

test('[LINE-11] joins and claims of one network are bounded over all its addresses and both routes', async () => {
  await door.close();
  door = await openDoor({ perMinute: 5 });
  await door.setRoom({ paused: true });
  const from = (address: string, path = 'line') =>
    door.call(`/api/v1/events/${EVENT}/${path}`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, 'content-type': 'application/json' },
      ...(path === 'claim' ? { body: '{"pass":"x"}' } : {}),
    });

  const statuses: number[] = [];
  for (let host = 1; host <= 4; host += 1) statuses.push((await from(`2001:db8::${host}`)).status);
  statuses.push((await from('2001:db8::5', 'claim')).status);
  expect(statuses).toEqual([201, 201, 201, 201, 401]);
  const refused = await from('2001:db8::ffff');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(limits.networkWindowMs / 1000);
  expect((await refused.json()) as object).toMatchObject({ code: 'tooManyRequests' });
  expect((await from('2001:db8:0:1::1')).status).toBe(201);

  const keys = await door.redis.keys(`*${door.space.prefix}*net*`);
  expect(keys).toHaveLength(2);
  expect(keys.join()).not.toContain('2001');
  for (const key of keys) expect(await door.redis.pttl(key)).toBeGreaterThan(0);
});

test('[LINE-11] whoever writes X-Forwarded-For himself is counted by his own address', async () => {
  await door.close();
  door = await openDoor({ perMinute: 3, proxies: [] });
  await door.setRoom({ paused: true });
  const statuses: number[] = [];
  for (let host = 1; host <= 4; host += 1) {
    const headers = { 'x-forwarded-for': `198.51.100.${host}` };
    statuses.push((await door.call(`/api/v1/events/${EVENT}/line`, { method: 'POST', headers })).status);
  }
  expect(statuses).toEqual([201, 201, 201, 429]);
});

test('[API-3] a page of another site cannot join in a fan’s name', async () => {
  await door.setRoom({ paused: true });
  const post = async (headers: Record<string, string>) =>
    (await door.call(`/api/v1/events/${EVENT}/line`, { method: 'POST', headers })).status;
  expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await post({ origin: 'https://elsewhere.test' })).toBe(403);
  expect(await post({ origin: door.url })).toBe(201);
  expect(await post({ 'sec-fetch-site': 'same-origin' })).toBe(201);
  expect(await door.redis.zcard(`{${door.space.prefix}:${EVENT}}:general`)).toBe(2);
});
