import { signToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { bearer, type Door, EVENT, openDoor } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor({ perMinute: 3 });
});
afterEach(() => door.close());

const codeOf = async (asked: Promise<Response>): Promise<string> =>
  ((await (await asked).json()) as { code: string }).code;

test('[API-1] [LINE-5] without Redis a request is told so at once, sockets stay, and hear on when it is back', async () => {
  await door.setRoom({ paused: true });
  const { placeToken } = await door.join();
  const { messages, socket } = door.listen({ v: 1, placeToken });
  await until(() => messages.length > 0, { what: 'a first status' });
  const line = `/api/v1/events/${EVENT}/line`;

  door.redis.disconnect();
  const began = performance.now();
  expect(await codeOf(door.call(line, { method: 'POST' }))).toBe('unavailable');
  expect(await codeOf(door.call(`${line}/me`, { headers: bearer(placeToken) }))).toBe('unavailable');
  expect(performance.now() - began).toBeLessThan(500);
  const late = door.listen({ v: 1, placeToken });
  await until(() => late.refused.length > 0, { what: 'a socket that comes now is refused' });
  expect(late.refused[0]).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });

  // Who is in goes on by his token alone: what refuses is the core, which this test has none of.
  const [place, buyer] = ['A'.repeat(22), crypto.randomUUID()];
  const payload = { event: EVENT, place, turn: 1, buyer, expiresAtMs: Date.now() + 60_000 };
  const hold = door.call(`/api/v1/holds/${buyer}`, {
    headers: bearer(signToken(door.needs.ring, 'session', payload)),
  });
  expect((await (await hold).json()) as object).toMatchObject({ detail: 'The booking is away for a moment' });

  await until(() => door.faults.length > 0, { what: 'a look at the room has failed' });
  expect(socket.connected).toBe(true);
  await door.redis.connect();
  await door.setRoom({ ratePerMinute: 60_000 });
  await door.tick();
  await until(
    () => messages.some((message) => message.type === 'status' && message.status.state === 'offered'),
    {
      what: 'the offer on the socket that stayed',
    },
  );
  // Reported once, not at every look.
  expect(door.faults).toHaveLength(1);
});
