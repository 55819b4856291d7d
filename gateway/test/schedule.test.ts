import { setTimeout as delay } from 'node:timers/promises';
import { drawnNumberOf } from '@onsale/shared/draw';
import { limits } from '@onsale/shared/limits';
import type { ServerMessage } from '@onsale/shared/socket';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { bearer, type Door, EVENT, openDoor } from './door.ts';

let door: Door;
let ticking: Promise<void>;
let going: boolean;
/** Every tick so far, when it began and ended, epoch ms by Redis's clock. */
let ticks: Array<{ readonly fromMs: number; readonly toMs: number }>;
beforeEach(async () => {
  door = await openDoor();
  going = true;
  ticks = [];
  // As the schedule ticks: every limits.tickMs, whatever happens.
  ticking = (async () => {
    for (; going; await delay(limits.tickMs)) {
      const fromMs = await door.line.nowMs();
      await door.tick();
      ticks.push({ fromMs, toMs: await door.line.nowMs() });
    }
  })();
});
afterEach(async () => {
  going = false;
  await ticking;
  expect(door.faults).toEqual([]);
  await door.close();
});

const listenTo = (placeToken: string) => door.listen({ v: 1, placeToken });
const states = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) => {
    if (message.type === 'room') return [message.room.state];
    return message.type === 'status' ? [message.status.room.state] : [];
  });
const isOffered = (messages: readonly ServerMessage[]): boolean =>
  messages.some((message) => message.type === 'status' && message.status.state === 'offered');
const placeOf = (placeToken: string): string =>
  verifyToken(door.needs.ring, 'place', placeToken, Date.now()).place;
const tryToJoin = (): Promise<Response> => door.call(`/api/v1/events/${EVENT}/line`, { method: 'POST' });
const codeOf = async (http: Response): Promise<string> => ((await http.json()) as { code: string }).code;

/** Offers that the line gave, in the order of their batches and orders: when each was given, by Redis's clock. */
async function offeredAtMs(placeToken: string): Promise<number> {
  const standing = await until(
    async () => {
      const now = await door.line.standing(EVENT, placeOf(placeToken));
      return now?.stage === 'offered' && now;
    },
    { what: 'an offer' },
  );
  return standing.offeredAtMs;
}

test('[ADM-22] doors open by themselves at the set time, not before it and with the first tick after it, in order of arrival', async () => {
  const opensAtMs = (await door.line.nowMs()) + 2_000;
  await door.setRoom({ opensAtMs, capacity: 2 });
  const fans: Awaited<ReturnType<Door['join']>>[] = [];
  for (let at = 0; at < 3; at += 1) {
    const fromMs = await door.line.nowMs();
    const joined = await door.join();
    const { status } = joined;
    fans.push(joined);
    expect(status).toMatchObject({
      state: 'waiting',
      place: at + 1,
      room: { state: 'preOpening', opensAtMs },
    });
    // A page counts down from these two, whatever its own clock says.
    expect(status.serverTimeMs).toBeGreaterThanOrEqual(fromMs);
    expect(status.serverTimeMs).toBeLessThanOrEqual(await door.line.nowMs());
  }
  const heard = fans.map(({ placeToken }) => listenTo(placeToken));
  await until(() => heard.every(({ messages }) => states(messages)[0] === 'preOpening'), {
    what: 'every socket knows that the doors open later',
  });

  const offered = await Promise.all([offeredAtMs(fans[0]!.placeToken), offeredAtMs(fans[1]!.placeToken)]);
  const first = await until(() => ticks.find(({ fromMs }) => fromMs >= opensAtMs), {
    what: 'a tick that began with the doors open',
  });
  for (const atMs of offered) {
    expect(atMs).toBeGreaterThanOrEqual(opensAtMs);
    expect(atMs).toBeLessThanOrEqual(first.toMs);
  }
  await until(() => heard.every(({ messages }) => states(messages).at(-1) === 'open'), {
    what: 'every socket is told that the doors are open',
  });
  await until(() => isOffered(heard[0]!.messages) && isOffered(heard[1]!.messages), { what: 'two are told' });
  expect(await door.status(fans[2]!.placeToken)).toMatchObject({ state: 'waiting', place: 1 });
});

test('[ADM-22] before the doors of a draw open nobody learns a place; then all go by what they drew, and who comes later stands behind', async () => {
  const opensAtMs = (await door.line.nowMs()) + 1_500;
  const { seed } = await door.setRoom({ opensAtMs, orderMode: 'draw', capacity: 0 });
  const fans: Awaited<ReturnType<Door['join']>>[] = [];
  for (let count = 0; count < 6; count += 1) fans.push(await door.join());
  for (const { status } of fans) {
    expect(status).toMatchObject({ state: 'waiting', place: null, ahead: null, wait: null, odds: null });
  }
  await until(async () => (await door.line.nowMs()) >= opensAtMs, { what: 'the doors open' });
  const late = await door.join();
  expect(late.status).toMatchObject({ place: 7 });
  const drawn = fans
    .map(({ placeToken }) => ({ placeToken, number: drawnNumberOf(seed, placeOf(placeToken)) }))
    .sort((a, b) => a.number - b.number);
  for (const [at, { placeToken }] of drawn.entries()) {
    expect(await door.status(placeToken)).toMatchObject({ place: at + 1 });
  }
});

test('[ADM-23] at its end a room takes and admits nobody any more, all who wait are told, and who is inside finishes', async () => {
  const endsAtMs = (await door.line.nowMs()) + 1_500;
  await door.setRoom({ endsAtMs, capacity: 2 });
  const [shopper, offered, waiting] = [await door.join(), await door.join(), await door.join()];
  const claim = async ({ placeToken }: { placeToken: string }) => {
    const status = await door.status(placeToken);
    if (status.state !== 'offered') throw new Error(`not offered: ${status.state}`);
    return door.call(`/api/v1/events/${EVENT}/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pass: status.pass }),
    });
  };
  await offeredAtMs(shopper.placeToken);
  await offeredAtMs(offered.placeToken);
  expect((await claim(shopper)).status).toBe(200);
  const { messages } = listenTo(waiting.placeToken);

  await until(() => states(messages).at(-1) === 'ended', {
    what: 'who waits is told that the sale has ended',
  });
  expect(await door.line.nowMs()).toBeGreaterThanOrEqual(endsAtMs);
  const late = await tryToJoin();
  expect([late.status, await codeOf(late)]).toEqual([409, 'roomClosed']);

  // Inside: the session goes on, and the offer that was given can be claimed.
  expect(await door.status(shopper.placeToken)).toMatchObject({
    state: 'shopping',
    room: { state: 'ended' },
  });
  expect((await claim(offered)).status).toBe(200);
  // A slot that gets free stays free.
  await door.call(`/api/v1/events/${EVENT}/line/me`, {
    method: 'DELETE',
    headers: bearer(shopper.placeToken),
  });
  for (let ticks = 0; ticks < 3; ticks += 1)
    expect(await door.tick()).toMatchObject({ reason: 'ended', admitted: 0 });
  expect(await door.status(waiting.placeToken)).toMatchObject({ state: 'waiting', room: { state: 'ended' } });
});

test('[ADM-22] [ADM-23] closed, paused, open again: each is told to sockets and to who asks, and who waits keeps his place', async () => {
  await door.setRoom({ open: false });
  const refused = await tryToJoin();
  expect([refused.status, await codeOf(refused)]).toEqual([409, 'roomClosed']);

  await door.setRoom({ paused: true });
  const fan = await door.join();
  expect(fan.status).toMatchObject({ state: 'waiting', place: 1, room: { state: 'paused' } });
  const { messages } = listenTo(fan.placeToken);
  await until(() => states(messages)[0] === 'paused', { what: 'a paused room' });
  for (const [policy, state] of [
    [{ open: false }, 'closed'],
    [{ paused: true }, 'paused'],
    [{ opensAtMs: Date.now() + 60_000 }, 'preOpening'],
    [{ endsAtMs: Date.now() - 1 }, 'ended'],
  ] as const) {
    await door.setRoom(policy);
    await until(() => states(messages).at(-1) === state, { what: `told: ${state}` });
    expect(await door.status(fan.placeToken)).toMatchObject({ state: 'waiting', room: { state } });
  }
  await door.setRoom({});
  await until(() => isOffered(messages), { what: 'his turn' });
});

test('[ADM-25] when all is held, who waits is told how many may come back and by when; when all is sold, everyone is', async () => {
  await door.setRoom({ paused: true });
  await door.tick();
  const fans = [await door.join(), await door.join()];
  const heard = fans.map(({ placeToken }) => listenTo(placeToken));
  await until(() => heard.every(({ messages }) => messages.length > 0), {
    what: 'every socket has a status',
  });
  const mayComeBack = { tickets: 40, byMs: Date.now() + 90_000 };
  door.setStock({ free: 0, held: 40, sold: 460, heldUntilMs: mayComeBack.byMs });
  const isTold = (message: ServerMessage): boolean =>
    message.type === 'room' && message.mayComeBack?.tickets === mayComeBack.tickets;
  await until(() => heard.every(({ messages }) => messages.some(isTold)), {
    what: 'every socket is told what may come back',
  });
  await door.setRoom({});
  for (const { placeToken } of fans) expect(await door.status(placeToken)).toMatchObject({ mayComeBack });
  door.setStock({ held: 0, sold: 500, heldUntilMs: null });
  await until(() => heard.every(({ messages }) => states(messages).at(-1) === 'soldOut'), {
    what: 'everyone is told that all is sold',
  });
  for (const { messages } of heard) {
    expect(
      messages.filter((message) => message.type === 'room' && message.room.state === 'soldOut'),
    ).toHaveLength(1);
  }
});

test('[ADM-26] a session that ends frees its slot at once: the next is let in without waiting for a tick', async () => {
  await door.setRoom({ capacity: 1 });
  const shopper = await door.join();
  const next = await door.join();
  await offeredAtMs(shopper.placeToken);
  const status = await door.status(shopper.placeToken);
  if (status.state !== 'offered') throw new Error('not offered');
  await door.call(`/api/v1/events/${EVENT}/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pass: status.pass }),
  });
  // No schedule from here on: only what the ending wakes.
  going = false;
  await ticking;
  await door.call(`/api/v1/events/${EVENT}/line/me`, {
    method: 'DELETE',
    headers: bearer(shopper.placeToken),
  });
  await offeredAtMs(next.placeToken);
});
