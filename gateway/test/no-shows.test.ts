import type { PlaceStatus } from '@onsale/shared/http/line';
import { keysOf } from '@onsale/shared/redis-keys';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { operatorRoomOf } from '../src/http/operator-room.ts';
import { bearer, type Door, EVENT, openDoor } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

const placeOf = (placeToken: string): string =>
  verifyToken(door.needs.ring, 'place', placeToken, Date.now()).place;
const standingOf = (placeToken: string) => door.line.standing(EVENT, placeOf(placeToken));
const vanish = (placeTokens: readonly string[]): Promise<number> =>
  door.redis.zrem(keysOf(door.space.prefix, EVENT).seen, ...placeTokens.map(placeOf));
const leave = (placeToken: string): Promise<Response> =>
  door.call(`/api/v1/events/${EVENT}/line/me`, { method: 'DELETE', headers: bearer(placeToken) });
/** Ticks until it is so: no schedule runs here. */
async function ticksUntil(placeToken: string, state: PlaceStatus['state']): Promise<void> {
  await until(
    async () => {
      await door.tick();
      const standing = await standingOf(placeToken);
      return standing?.stage === state;
    },
    { what: `he is ${state}` },
  );
}

test('[ADM-7] [ADM-20] who misses his offer comes back by the returning lane, ahead of the line; who misses two has had his turns', async () => {
  await door.setRoom({ claimWindowMs: 1_000, capacity: 1 });
  const noShow = await door.join();
  await ticksUntil(noShow.placeToken, 'offered');
  const others = [await door.join(), await door.join(), await door.join()];
  await ticksUntil(noShow.placeToken, 'over');
  expect(await door.status(noShow.placeToken)).toMatchObject({
    state: 'over',
    reason: 'lapsed',
    mayJoinAgain: true,
  });

  await door.setRoom({ claimWindowMs: 1_000, capacity: 0 });
  const again = await door.join({ cookie: noShow.cookie });
  expect(again.status).toMatchObject({ state: 'waiting', lane: 'returning', place: 1 });
  // Everyone else stands in the general lane, and is told that others may pass.
  const waiting = await Promise.all(others.map(({ placeToken }) => standingOf(placeToken)));
  expect(
    waiting
      .filter((standing) => standing?.stage === 'waiting')
      .map((one) => one?.stage === 'waiting' && one.lane),
  ).toEqual(expect.arrayContaining(['general', 'general']));
  for (const { placeToken } of others) await leave(placeToken);
  await door.setRoom({ claimWindowMs: 1_000, capacity: 1 });
  await ticksUntil(again.placeToken, 'offered');
  expect(await standingOf(again.placeToken)).toMatchObject({ turn: 2 });
  await ticksUntil(again.placeToken, 'over');
  expect(await door.status(again.placeToken)).toMatchObject({
    state: 'over',
    reason: 'lapsed',
    mayJoinAgain: false,
  });
  const third = await door.call(`/api/v1/events/${EVENT}/line`, {
    method: 'POST',
    headers: { cookie: noShow.cookie },
  });
  expect([third.status, ((await third.json()) as { code: string }).code]).toEqual([409, 'turnsSpent']);
  // Both that he missed are counted by the ticks that find them run out.
  const room = await door.setRoom();
  await until(
    async () => {
      await door.tick();
      return ((await operatorRoomOf(room, door.needs)).live?.noShows ?? 0) >= 2;
    },
    { what: 'the operator sees the no-shows' },
  );
});

test('[ADM-20] a fan who was away is told so when he asks, and is let in by the next tick; a socket is enough to be there', async () => {
  await door.setRoom({ capacity: 0 });
  const [asking, listening, present, gone] = [
    await door.join(),
    await door.join(),
    await door.join(),
    await door.join(),
  ];
  await vanish([asking, listening, gone].map(({ placeToken }) => placeToken));
  await door.setRoom({ capacity: 1 });
  await ticksUntil(present.placeToken, 'offered');
  await leave(present.placeToken);
  await door.tick();
  expect(await standingOf(gone.placeToken)).toMatchObject({ stage: 'waiting', away: true, place: 1 });

  expect(await door.status(asking.placeToken)).toMatchObject({
    state: 'waiting',
    place: 1,
    passedOver: true,
  });
  await ticksUntil(asking.placeToken, 'offered');
  await leave(asking.placeToken);
  const { messages } = door.listen({ v: 1, placeToken: listening.placeToken });
  await until(() => messages.length > 0, { what: 'a first status' });
  await ticksUntil(listening.placeToken, 'offered');
  // Nobody answers for who is gone: the slot stays free until somebody comes.
  await leave(listening.placeToken);
  expect(await door.tick()).toMatchObject({ reason: 'away', admitted: 0, away: 1 });
});

test('[ADM-29] an operator sees each lane, who is away, the epoch and the state of the line live', async () => {
  const room = await door.setRoom({ capacity: 0 });
  const [first, second] = [await door.join(), await door.join()];
  await vanish([first.placeToken]);
  const limited = await door.setRoom({ capacity: 1 });
  await ticksUntil(second.placeToken, 'offered');
  await door.join();
  await door.line.join(EVENT, 'A'.repeat(22), { lane: 'priority' });
  await door.tick();
  const { live, policy } = await operatorRoomOf(limited, door.needs);
  expect(policy).not.toHaveProperty('seed');
  expect(live).toMatchObject({
    state: 'open',
    waiting: 3,
    away: 1,
    lanes: {
      general: { waiting: 1, admittedLastMinute: 1 },
      priority: { waiting: 1, admittedLastMinute: 0 },
      returning: { waiting: 0, admittedLastMinute: 0 },
    },
    offers: 1,
    sessions: 0,
    epoch: room.epoch,
    healing: false,
    reason: 'capacity',
    policyVersion: limited.version,
  });
});
