import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import { signToken, verifyToken } from '@onsale/shared/tokens/hmac';
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

interface Shopping {
  session: string;
  sessionExpiresAtMs: number;
  mayRenew: boolean;
  code?: string;
}
const events = `/api/v1/events/${EVENT}`;

async function claim(pass: string, headers: Record<string, string> = {}) {
  const http = await door.call(`${events}/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ pass }),
  });
  const cookie = http.headers.get('set-cookie')?.split(';')[0];
  return { status: http.status, cookie, ...((await http.json()) as Shopping) };
}
async function renew(session: string, cookie?: string) {
  const http = await door.call(`${events}/session/renewal`, {
    method: 'POST',
    headers: { ...bearer(session), ...(cookie === undefined ? {} : { cookie }) },
  });
  return { status: http.status, ...((await http.json()) as Shopping) };
}
/** What a booking request is told; the core is not there, so who may ask it hears that it is away. */
async function book(session: string, cookie?: string): Promise<string> {
  const http = await door.call(`/api/v1/holds/${crypto.randomUUID()}`, {
    headers: { ...bearer(session), ...(cookie === undefined ? {} : { cookie }) },
  });
  return ((await http.json()) as { code: string }).code;
}
async function offered(who: Record<string, string> = {}) {
  const joined = await door.join(who);
  if (joined.status.state !== 'offered') throw new Error(`joined to be ${joined.status.state}`);
  return { ...joined, pass: joined.status.pass };
}

test('[ADM-30] a session is good on the device that claimed it, and stolen it is good for nothing', async () => {
  await door.setRoom();
  const fan = await offered();
  const thief = await door.join();
  const { session, status } = await claim(fan.pass, { cookie: fan.cookie });
  expect(status).toBe(200);

  expect(await book(session, fan.cookie)).toBe('unavailable');
  expect(await book(session)).toBe('otherDevice');
  expect(await book(session, thief.cookie)).toBe('otherDevice');
  expect(await book(session, `${fan.cookie.slice(0, -2)}AA`)).toBe('otherDevice');
  expect(await renew(session, thief.cookie)).toMatchObject({ status: 403, code: 'otherDevice' });

  // Nor does the pass help: the session is the first claimer's, and what others are told of it is bound to him.
  expect(await claim(fan.pass, { cookie: thief.cookie })).toMatchObject({ status: 403, code: 'otherDevice' });
  expect(await claim(fan.pass, { cookie: fan.cookie })).toMatchObject({ status: 200, session });
  expect(await door.status(fan.placeToken)).toMatchObject({ state: 'shopping', session });
});

test('[ADM-30] who claims without a cookie is given one, and his session goes with that; a key that rotates changes nothing', async () => {
  await door.close();
  const [same, old, fresh] = [secret(), secret(), secret()];
  door = await openDoor({ placeKey: same, hmacKeys: `k1:${old}` });
  await door.setRoom();
  const fan = await offered();
  const { session, cookie } = await claim(fan.pass);
  expect(cookie).toMatch(/^onsale_fan=fan\.k1\./);
  expect(cookie).not.toBe(fan.cookie);
  expect(await book(session, cookie)).toBe('unavailable');
  expect(await book(session, fan.cookie)).toBe('otherDevice');
  expect(await door.status(fan.placeToken)).toMatchObject({ state: 'shopping', session });

  const during = await openDoor({ space: door.space, placeKey: same, hmacKeys: `k2:${fresh},k1:${old}` });
  const after = await openDoor({ space: door.space, placeKey: same, hmacKeys: `k2:${fresh}` });
  const bookAt = async (at: Door, token: string, sent: string) => {
    const asked = at.call(`/api/v1/holds/${crypto.randomUUID()}`, {
      headers: { ...bearer(token), cookie: sent },
    });
    return ((await (await asked).json()) as { code: string }).code;
  };
  expect(await bookAt(during, session, cookie!)).toBe('unavailable');
  const moved = await during.join({ cookie: cookie! });
  expect(moved.cookie).toMatch(/^onsale_fan=fan\.k2\./);
  expect(await bookAt(during, session, moved.cookie)).toBe('unavailable');
  const again = await during.status(fan.placeToken);
  if (again.state !== 'shopping') throw new Error('not shopping');
  expect(again.session).toMatch(/^session\.k2\./);
  expect(await bookAt(after, again.session, moved.cookie)).toBe('unavailable');
  expect(await bookAt(after, session, moved.cookie)).toBe('tokenInvalid');
  // A cookie of the key that is gone is no device.
  expect(await bookAt(after, again.session, cookie!)).toBe('otherDevice');
  await during.stop();
  await after.stop();
});

test('[ADM-32] an order is paid from the device that ordered, also when its session is over; a mailed link pays nothing', async () => {
  await door.setRoom();
  const fan = await offered();
  const { session } = await claim(fan.pass, { cookie: fan.cookie });
  const { ring } = door.needs;
  const { device } = verifyToken(ring, 'session', session, 0);
  const order = crypto.randomUUID();
  const pay = async (token: string, cookie?: string): Promise<string> => {
    const http = await door.call(`/api/v1/orders/${order}/payments`, {
      method: 'POST',
      headers: {
        ...bearer(token),
        'content-type': 'application/json',
        'idempotency-key': 'one',
        ...(cookie === undefined ? {} : { cookie }),
      },
      body: '{"method":"sandboxApprove"}',
    });
    return ((await http.json()) as { code: string }).code;
  };
  const own = signToken(ring, 'order', { order, device });
  await door.line.leave(EVENT, verifyToken(ring, 'place', fan.placeToken, 0).place, 'left');
  expect(await pay(own, fan.cookie)).toBe('unavailable');
  expect(await pay(own)).toBe('otherDevice');
  expect(await pay(own, (await door.join()).cookie)).toBe('otherDevice');
  expect(await pay(signToken(ring, 'order', { order }), fan.cookie)).toBe('otherDevice');
  expect(await pay(signToken(ring, 'order', { order: crypto.randomUUID(), device }), fan.cookie)).toBe(
    'tokenInvalid',
  );
});

test('[ADM-31] a session is renewed once, by a part of the room’s time; asking again, and at once, gives no more', async () => {
  await door.setRoom({ sessionTtlMs: 60_000 });
  const fan = await offered();
  const first = await claim(fan.pass, { cookie: fan.cookie });
  expect(first.mayRenew).toBe(true);
  const answers = await Promise.all([1, 2, 3].map(() => renew(first.session, fan.cookie)));
  const end = first.sessionExpiresAtMs + (60_000 * limits.sessionRenewalPercent) / 100;
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 200, sessionExpiresAtMs: end, mayRenew: false });
  }
  const { session } = answers[0]!;
  expect(verifyToken(door.needs.ring, 'session', session, 0).expiresAtMs).toBe(end);
  expect(await renew(session, fan.cookie)).toMatchObject({ sessionExpiresAtMs: end });
  expect(await claim(fan.pass, { cookie: fan.cookie })).toMatchObject({ session, mayRenew: false });
  expect(await door.status(fan.placeToken)).toMatchObject({ session, mayRenew: false });

  await door.setRoom({ sessionTtlMs: limits.sessionTtlMaxMs });
  const other = await offered();
  const long = await claim(other.pass, { cookie: other.cookie });
  const longer = await renew(long.session, other.cookie);
  expect(longer.sessionExpiresAtMs - long.sessionExpiresAtMs).toBe(limits.sessionRenewalMaxMs);
});

test('[ADM-31] what is over is not renewed, nor another event’s or kind of token; the slot is held until the new end', async () => {
  await door.setRoom({ capacity: 1, sessionTtlMs: limits.sessionTtlMinMs });
  const fan = await offered();
  const { session } = await claim(fan.pass, { cookie: fan.cookie });
  const { sessionExpiresAtMs } = await renew(session, fan.cookie);
  const { ring } = door.needs;
  const payload = verifyToken(ring, 'session', session, 0);
  const elsewhere = signToken(ring, 'session', { ...payload, event: 'dodgers-live' });
  expect((await renew(elsewhere, fan.cookie)).code).toBe('tokenInvalid');
  expect((await renew(fan.placeToken, fan.cookie)).code).toBe('tokenInvalid');

  const sessions = await door.redis.zscore(keysOf(door.space.prefix, EVENT).sessions, payload.place);
  expect(Number(sessions)).toBe(sessionExpiresAtMs);
  await until(async () => (await door.line.nowMs()) >= sessionExpiresAtMs, {
    what: 'the end of the session',
  });
  const late = signToken(ring, 'session', { ...payload, expiresAtMs: Date.now() + 60_000 });
  expect(await renew(late, fan.cookie)).toMatchObject({ status: 403, code: 'sessionOver' });
});

test('[LINE-60] what one fan asks is bounded by kind, over all his tabs and networks; he alone hears it, with when to ask again', async () => {
  await door.setRoom({ paused: true });
  const fan = await door.join();
  const other = await door.join();
  let host = 0;
  const ask = (token: string) =>
    door.call(`${events}/line/me`, {
      headers: { ...bearer(token), 'x-forwarded-for': `198.51.${host >> 8}.${host++ & 255}` },
    });
  const answers = await Promise.all(
    Array.from({ length: limits.fanStatusAtOnce + 20 }, () => ask(fan.placeToken)),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(
    limits.fanStatusAtOnce,
  );
  expect(refused[0]!.headers.get('retry-after')).toBe('1');
  expect((await refused[0]!.json()) as object).toMatchObject({ code: 'tooManyRequests' });
  expect((await ask(other.placeToken)).status).toBe(200);
  // Another kind of his requests has a bound of its own.
  expect((await door.join(bearer(fan.placeToken))).http.status).toBe(200);

  const joins = await Promise.all(
    Array.from({ length: limits.fanJoinsAtOnce + 5 }, () =>
      door.call(`${events}/line`, { method: 'POST', headers: { cookie: fan.cookie } }),
    ),
  );
  expect(joins.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  expect(await door.metrics.registry.metrics()).toMatch(/onsale_gateway_limited_total\{by="status"\} \d+/);
  const keys = await door.redis.keys(`{${door.space.prefix}:${EVENT}}:fan:*`);
  for (const key of keys) {
    const ttlMs = await door.redis.pttl(key);
    expect(ttlMs === -2 || (ttlMs > 0 && ttlMs <= 60_000), key).toBe(true);
  }
  await until(async () => (await ask(fan.placeToken)).status === 200, { what: 'he may ask again' });
});

test('[LINE-60] claims and bookings of one fan are bounded too', async () => {
  await door.setRoom();
  const fan = await offered();
  const claims = await Promise.all(
    Array.from({ length: limits.fanClaimsAtOnce + 5 }, () => claim(fan.pass, { cookie: fan.cookie })),
  );
  expect(claims.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  const { session } = claims.find(({ status }) => status === 200)!;
  const told = await Promise.all(
    Array.from({ length: limits.fanBookingsAtOnce + 20 }, () => book(session, fan.cookie)),
  );
  expect(told).toContain('tooManyRequests');
  expect(told.filter((code) => code === 'unavailable').length).toBeGreaterThanOrEqual(
    limits.fanBookingsAtOnce,
  );
});

test('[LINE-61] an office behind one address that may not join any more still hears where each of it stands', async () => {
  await door.close();
  door = await openDoor({ perMinute: 8 });
  await door.setRoom({ paused: true });
  const office = { 'x-forwarded-for': '203.0.113.7' };
  const fans = [];
  for (let n = 0; n < 8; n += 1) fans.push(await door.join(office));
  const ninth = await door.call(`${events}/line`, { method: 'POST', headers: office });
  expect(ninth.status).toBe(429);
  expect(Number(ninth.headers.get('retry-after'))).toBeGreaterThan(0);
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(
      fans.map(({ placeToken }) =>
        door.call(`${events}/line/me`, { headers: { ...office, ...bearer(placeToken) } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(fans.map(() => 200));
  }
});
