import type { Joined, RoomView } from '@onsale/shared/http/line';
import { deviceOf } from '@onsale/shared/ids';
import { signToken, verifyToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownRedis } from '../../../test/own-redis.ts';
import { until } from '../../../test/until.ts';
import { coreStandIn } from '../../src/admission/test/core-stand-in.ts';
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
  await door.tick();
  await until(() => sees(door, placeToken, 1), { what: 'a snapshot' });
  const line = `/api/v1/events/${EVENT}/line`;

  door.redis.disconnect();
  expect(await codeOf(door.call(line, { method: 'POST' }))).toBe('unavailable');
  // What was last known is still said, with its age.
  const before = messages.find((message) => message.type === 'status')!.status;
  const known = await door.status(placeToken);
  expect(known).toMatchObject({
    state: 'waiting',
    place: 1,
    wait: null,
    room: { state: 'paused', away: 'hold' },
  });
  expect(known.asOfMs).toBeGreaterThanOrEqual(before.asOfMs);
  await until(async () => (await door.status(placeToken)).serverTimeMs > known.asOfMs + 100, {
    what: 'time to pass',
  });
  expect((await door.status(placeToken)).asOfMs).toBe(known.asOfMs);
  const late = door.listen({ v: 1, placeToken });
  await until(() => late.refused.length > 0, { what: 'a socket that comes now is refused' });
  expect(late.refused[0]).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });

  // Who is in goes on by his token alone: what refuses is the core, which this test has none of.
  const [place, buyer] = ['A'.repeat(22), crypto.randomUUID()];
  const device = deviceOf(buyer);
  const payload = { event: EVENT, place, turn: 1, buyer, device, expiresAtMs: Date.now() + 60_000 };
  const hold = door.call(`/api/v1/holds/${buyer}`, {
    headers: {
      ...bearer(signToken(door.needs.ring, 'session', payload)),
      cookie: `onsale_fan=${signToken(door.needs.ring, 'fan', { buyer })}`,
    },
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

test('[LINE-38] [ADM-9] the real Redis killed under a gateway: pages and places stay, and nobody is told one that moves back', async () => {
  const server = await ownRedis();
  const core = await coreStandIn();
  const own = await openDoor({
    space: { url: server.url, prefix: 'away', wipe: async () => {} },
    coreAt: core,
  });
  try {
    core.rooms.set(EVENT, await own.setRoom({ paused: true }));
    const fans: Joined[] = [];
    for (let fan = 0; fan < 30; fan += 1) fans.push(await own.join());
    await own.tick();
    await until(() => sees(own, fans[0]!.placeToken, 30), { what: 'a snapshot' });
    const shown = await Promise.all(fans.map(({ placeToken }) => own.status(placeToken)));
    const last = await own.join();
    // Told by his socket, exactly, and later than the last look.
    const gone = verifyToken(own.needs.ring, 'place', fans.shift()!.placeToken, Date.now()).place;
    expect(await own.line.leave(EVENT, gone, 'left')).toBe(true);
    const { messages } = own.listen({ v: 1, placeToken: fans.at(-1)!.placeToken });
    await until(() => messages.length > 0, { what: 'a first status' });
    expect(messages[0]).toMatchObject({ status: { place: 29 } });
    shown.shift();
    await server.kill();

    const known = await Promise.all(fans.map(({ placeToken }) => own.status(placeToken)));
    for (const [at, status] of known.entries()) {
      expect(status).toMatchObject({
        state: 'waiting',
        place: Math.min(29, at + 2),
        room: { state: 'paused', away: 'hold' },
      });
      expect(status.asOfMs).toBeLessThanOrEqual(shown[at]!.serverTimeMs);
    }
    // He joined after the last look: his place is not known here, and none is made up.
    expect(await own.status(last.placeToken)).toMatchObject({ state: 'waiting', place: null });
    expect((await own.call(`/api/v1/events/${EVENT}/room`)).status).toBe(200);
    // The policy goes on as the core has it, and as it was when the core is away as well.
    core.rooms.set(EVENT, { ...core.rooms.get(EVENT)!, paused: false, version: 99 });
    const stateOf = async () => (await own.status(last.placeToken)).room;
    await until(async () => (await stateOf()).version === 99, { what: 'the policy from the core' });
    core.away = true;
    expect(await stateOf()).toMatchObject({ state: 'open', version: 99, away: 'hold' });
    expect(await codeOf(own.call(`/api/v1/events/${EVENT}/line`, { method: 'POST' }))).toBe('unavailable');
  } finally {
    await own.stop().catch(() => {});
    own.redis.disconnect();
    await core.stop();
    await server.stop();
  }
});

test('[LINE-38] a room that is open while the line is away lets everyone in, on the record and within the limits of networks', async () => {
  const core = await coreStandIn();
  const own = await openDoor({ perMinute: 3, coreAt: core });
  try {
    core.rooms.set(EVENT, await own.setRoom({ whenAway: 'open', capacity: 1 }));
    await own.call(`/api/v1/events/${EVENT}/room`);
    own.redis.disconnect();
    await until(async () => (await roomOf(own)).away === 'open', { what: 'the line to be away' });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const joined = await Promise.all(
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => own.join(from(address))),
    );
    for (const { status } of joined) {
      expect(status).toMatchObject({ state: 'shopping', room: { away: 'open' }, mayRenew: false });
    }
    expect(core.recorded.map(({ turn }) => turn)).toEqual([1, 1, 1]);
    expect(new Set(core.recorded.map(({ place }) => place)).size).toBe(3);
    expect(await own.metrics.registry.metrics()).toContain('onsale_gateway_let_in_openly_total 3');

    for (let more = 0; more < 2; more += 1) await own.join(from('10.0.0.1'));
    await expect(own.join(from('10.0.0.1'))).rejects.toThrow('tooManyRequests');
    // Unrecorded nobody is let in, and a door that is shut lets nobody in.
    core.away = true;
    await expect(own.join(from('10.0.0.4'))).rejects.toThrow('unavailable');
    core.away = false;
    core.rooms.set(EVENT, { ...core.rooms.get(EVENT)!, open: false, version: 99 });
    await until(async () => (await roomOf(own)).state === 'closed', { what: 'a closed door' });
    await expect(own.join(from('10.0.0.5'))).rejects.toThrow('roomClosed');
    expect(core.recorded).toHaveLength(5);
  } finally {
    await own.close().catch(() => {});
    await core.stop();
  }
});

/** Whether the gateway has a snapshot with so many waiting. */
async function sees(own: Door, placeToken: string, waiting: number): Promise<boolean> {
  const status = await own.status(placeToken);
  return status.state === 'waiting' && status.lanes.some((lane) => lane.waiting === waiting);
}

async function roomOf(own: Door): Promise<RoomView> {
  const answer = await own.call(`/api/v1/events/${EVENT}/room`);
  return ((await answer.json()) as { room: RoomView }).room;
}
