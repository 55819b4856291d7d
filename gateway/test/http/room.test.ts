import { commitmentOf, drawnNumberOf } from '@onsale/shared/draw';
import { RoomPolicy } from '@onsale/shared/http/internal';
import type { Joined } from '@onsale/shared/http/line';
import { PublicRoom } from '@onsale/shared/http/room';
import { limits } from '@onsale/shared/limits';
import type { ServerMessage } from '@onsale/shared/socket';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { bearer, type Door, EVENT, openDoor } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

const path = `/api/v1/events/${EVENT}/room`;
async function look(): Promise<PublicRoom> {
  door.needs.rooms.forget(EVENT);
  const http = await door.call(path);
  expect([http.status, http.headers.get('cache-control')]).toEqual([200, 'public, max-age=1']);
  expect(http.headers.get('set-cookie')).toBeNull();
  return PublicRoom.parse(await http.json());
}

test('[LINE-22] anybody sees the room before joining: its state, its schedule, who may join, what each lane has', async () => {
  const inAnHour = Date.now() + 3_600_000;
  for (const [policy, state] of [
    [{ open: false }, 'closed'],
    [{ opensAtMs: inAnHour }, 'preOpening'],
    [{}, 'open'],
    [{ paused: true }, 'paused'],
    [{ opensAtMs: Date.now() - 60_000, endsAtMs: Date.now() - 1_000 }, 'ended'],
  ] as const) {
    await door.setRoom(policy);
    await door.tick();
    expect((await look()).room.state).toBe(state);
  }
  await door.setRoom({ paused: true, identity: 'invitation', priorityPercent: 40, returningPercent: 10 });
  door.setStock({ free: 0, sold: 500 });
  await door.tick();
  expect(await look()).toMatchObject({
    room: { state: 'soldOut', opensAtMs: null },
    identity: 'invitation',
    lanes: [
      { lane: 'priority', percent: 40 },
      { lane: 'returning', percent: 10 },
      { lane: 'general', percent: 50 },
    ],
  });
  expect((await door.call('/api/v1/events/No%20Event/room')).status).toBe(400);
});

test('[LINE-22] the commitment is public from the start, the seed only when nobody can be drawn any more, by the line’s clock', async () => {
  const { seed } = await door.setRoom({ orderMode: 'draw', opensAtMs: Date.now() + 3_600_000 });
  const revealed = async (opensAtMs: number | null, orderMode: 'draw' | 'arrival' = 'draw') => {
    await door.setRoom({ orderMode, opensAtMs });
    await door.tick();
    const { draw } = await look();
    expect(draw).toMatchObject({ algorithm: 'hmac-sha256-50', commitment: commitmentOf(seed) });
    return draw.seed;
  };
  expect((await look()).draw.seed).toBeNull();
  const nowMs = await door.line.nowMs();
  expect(await revealed(nowMs + 3_600_000)).toBeNull();
  // Clocks of processes may differ: open, and not yet told.
  expect(await revealed(nowMs - 1)).toBeNull();
  expect(await revealed(nowMs - limits.clockSkewMs - 1, 'arrival')).toBeNull();
  expect(await revealed(null)).toBeNull();
  expect(await revealed(nowMs - limits.clockSkewMs - 1)).toBe(seed);
});

test('[LINE-22] before the doors of a draw open a fan is told that he is in it, and nothing that depends on what he drew', async () => {
  const room = await door.setRoom({ orderMode: 'draw', opensAtMs: Date.now() + 3_600_000 });
  const fans = await Promise.all(Array.from({ length: 5 }, () => door.join()));
  await door.tick();
  const told: string[] = [JSON.stringify(await look())];
  for (const { placeToken, status } of fans) {
    const { messages } = door.listen({ v: 1, placeToken });
    await until(() => messages.length > 0, { what: 'a first message' });
    const [, , payload] = placeToken.split('.');
    const token = Buffer.from(payload!, 'base64url').toString();
    const asked = await door.status(placeToken);
    expect(asked).toMatchObject({ state: 'waiting', place: null, ahead: null, wait: null, odds: null });
    told.push(JSON.stringify([status, asked, messages]), token);
    const { place } = JSON.parse(token) as { place: string };
    const number = drawnNumberOf(room.seed, place);
    for (const text of told) {
      expect(text).not.toContain(String(number));
      expect(text).not.toContain(room.seed);
    }
  }
  // Every one of them is told the same of the room, whatever he drew.
  const said = await Promise.all(fans.map(async ({ placeToken }) => door.status(placeToken)));
  expect(new Set(said.map(({ serverTimeMs: _, asOfMs: __, ...rest }) => JSON.stringify(rest))).size).toBe(1);
});

test('[LINE-29] what operators tell the waiting is with every socket, status and look as it is put, without a tick, in each language, and is taken back alike', async () => {
  const room = { paused: true } as const;
  await door.setRoom(room);
  const { placeToken } = await door.join();
  const { messages } = door.listen({ v: 1, placeToken });
  await until(() => messages.length > 0, { what: 'a first message' });
  const message = {
    en: 'We begin ten minutes late',
    de: 'Wir beginnen zehn Minuten später',
    'pt-BR': 'Começamos mais tarde',
  };
  const last = () =>
    messages.findLast((one): one is ServerMessage & { type: 'room' } => one.type === 'room')?.room.message;
  for (const told of [message, null]) {
    await door.setRoom({ ...room, message: told });
    await until(() => last() !== undefined && JSON.stringify(last()) === JSON.stringify(told), {
      what: 'the socket is told, and no tick told it',
    });
    expect((await door.status(placeToken)).room.message).toEqual(told);
    expect((await look()).room.message).toEqual(told);
  }
});

test('[LINE-29] a message is plain text of a bounded length, in a bounded number of languages', () => {
  const { message } = RoomPolicy.shape;
  const many = Object.fromEntries(
    Array.from({ length: limits.roomMessageMaxLanguages + 1 }, (_, n) => [
      `a${String.fromCharCode(97 + n)}`,
      'x',
    ]),
  );
  for (const wrong of [
    { english: 'x' },
    { EN: 'x' },
    { 'en-us': 'x' },
    { en: '' },
    { en: '   ' },
    { en: 'x'.repeat(limits.roomMessageMaxChars + 1) },
    { en: 'a\u0000b' },
    { en: 'a\nb' },
    { en: 1 },
    many,
    'x',
  ]) {
    expect(message.safeParse(wrong).success, JSON.stringify(wrong).slice(0, 40)).toBe(false);
  }
  expect(message.parse({ en: ' <b>5 > 3</b> ' })).toEqual({ en: '<b>5 > 3</b>' });
});

test('[LINE-26] joining needs no body; an empty one, and one that says nothing, are as none', async () => {
  await door.setRoom({ paused: true });
  const first = await door.join();
  for (const body of ['', '{}']) {
    const http = await door.call(`/api/v1/events/${EVENT}/line`, {
      method: 'POST',
      headers: { ...bearer(first.placeToken), 'content-type': 'application/json' },
      body,
    });
    expect(http.status, body).toBe(200);
    expect(((await http.json()) as Joined).status).toMatchObject({ state: 'waiting', place: 1 });
  }
});
