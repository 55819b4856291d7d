import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { admit, joinAll, lineFixture, placeOf, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
afterAll(() => fixture.close());

const fan = placeOf(1);

test('[LINE-1] fifty joins at once over three connections are one place', async () => {
  const { eventId } = await fixture.room();
  const lines = [line, fixture.another(), fixture.another()];
  const answers = await Promise.all(upTo(50).map((at) => lines[at % 3]!.join(eventId, fan)));

  expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'there')).toHaveLength(49);
  expect(new Set(answers.map(({ standing }) => standing?.stage === 'waiting' && standing.order)).size).toBe(
    1,
  );
  expect(await line.standing(eventId, fan)).toMatchObject({ stage: 'waiting', place: 1, waiting: 1 });
});

test('[LINE-2] of joins over several connections each has an order of its own, and places follow the orders', async () => {
  const { eventId } = await fixture.room();
  const lines = [line, fixture.another(), fixture.another()];
  const fans = upTo(600);
  const orders = (
    await Promise.all(
      lines.map((one, at) =>
        joinAll(
          one,
          eventId,
          fans.filter((n) => n % 3 === at),
        ),
      ),
    )
  ).flat();
  expect(new Set(orders).size).toBe(fans.length);

  const places = fans.map(placeOf);
  const standings = await line.standings(eventId, places);
  const byOrder = standings
    .map((s) => (s?.stage === 'waiting' ? s : undefined)!)
    .sort((a, b) => a.order - b.order);
  expect(byOrder.map(({ place }) => place)).toEqual(upTo(fans.length, 1));

  // One after the other: who was answered before the other asked stands before him.
  const first = (await joinAll(line, eventId, [1_000]))[0]!;
  const second = (await joinAll(lines[1]!, eventId, [1_001]))[0]!;
  expect(second).toBeGreaterThan(first);
});

test('[LINE-2] orders stay strict and exact near 2^53, and when the clock stands behind them', async () => {
  const { eventId } = await fixture.room();
  const ahead = 2 ** 53 - 1_000;
  await redis.set(keysOf(prefix, eventId).last, String(ahead));
  expect(await joinAll(line, eventId, upTo(5))).toEqual(upTo(5, ahead + 1));
  expect((await line.take(eventId, 3, 'empty')).outcome).toBe('taken');
  const pending = await line.take(eventId, 1, 'empty');
  expect(pending.outcome === 'pending' && pending.batch.places.map(({ order }) => order)).toEqual(
    upTo(3, ahead + 1),
  );
  expect(await line.standing(eventId, placeOf(4))).toMatchObject({ order: ahead + 5, place: 2, waiting: 5 });
  const look = await line.look(eventId, { shape: true });
  expect(look?.lanes.general.front).toEqual([ahead + 4, ahead + 5]);
  expect(look?.seq).toBeGreaterThanOrEqual(ahead + 5);
});

test('[LINE-7] leaving gives up a place in line, a place in the batch, an offer, a session, and the slot is free', async () => {
  const { eventId } = await fixture.room({ capacity: 1 });
  const [inLine, inBatch, offered, shopping, next] = upTo(5).map(placeOf) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const slotsTaken = async () => {
    const look = await line.look(eventId, { shape: false });
    return look!.offers + look!.sessions;
  };

  await line.join(eventId, inLine);
  expect(await line.leave(eventId, inLine, 'left')).toBe(true);
  expect(await line.standing(eventId, inLine)).toBeUndefined();
  expect(await line.leave(eventId, inLine, 'left')).toBe(false);

  await line.join(eventId, offered);
  expect(await admit(line, eventId, 9)).toEqual([offered]);
  await line.join(eventId, shopping);
  expect(await admit(line, eventId, 9)).toEqual([]);
  expect(await line.leave(eventId, offered, 'left')).toBe(true);
  expect(await line.standing(eventId, offered)).toEqual({ stage: 'over', turn: 1, reason: 'left' });
  expect(await line.claim(eventId, offered, 1)).toEqual({ outcome: 'over' });

  expect(await admit(line, eventId, 9)).toEqual([shopping]);
  expect(await line.claim(eventId, shopping, 1)).toMatchObject({ outcome: 'claimed' });
  await line.join(eventId, inBatch);
  expect(await admit(line, eventId, 9)).toEqual([]);
  expect(await line.leave(eventId, shopping, 'left')).toBe(true);
  const session = { place: shopping, turn: 1, expiresAtMs: Date.now() + 60_000 };
  expect(await line.sessionCounts(eventId, session)).toBe(false);

  const taken = await line.take(eventId, 9, 'empty');
  expect(await line.leave(eventId, inBatch, 'left')).toBe(true);
  expect(await line.standing(eventId, inBatch)).toEqual({ stage: 'over', turn: 1, reason: 'left' });
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  expect(taken.batch.places.map(({ place }) => place)).toEqual([inBatch]);
  expect(await line.offer(eventId, taken.batch)).toBe('offered');
  expect(await line.standing(eventId, inBatch)).toEqual({ stage: 'over', turn: 1, reason: 'left' });
  expect(await slotsTaken()).toBe(0);

  await line.join(eventId, next);
  expect(await admit(line, eventId, 9)).toEqual([next]);
});

test('[LINE-7] who leaves while the batch is being recorded and is back before that has his turn', async () => {
  const { eventId } = await fixture.room();
  await line.join(eventId, fan);
  const taken = await line.take(eventId, 1, 'empty');
  await line.leave(eventId, fan, 'left');
  expect(await line.join(eventId, fan)).toMatchObject({
    outcome: 'there',
    standing: { stage: 'waiting', place: 1 },
  });
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await line.offer(eventId, taken.batch);
  expect(await line.standing(eventId, fan)).toMatchObject({ stage: 'offered', turn: 1 });
});

test('[LINE-8] a closed room takes nobody and lets nobody in, a paused room takes fans and lets nobody in', async () => {
  const room = await fixture.room();
  const { eventId } = room;
  await joinAll(line, eventId, [1, 2]);

  await line.putRoom({ ...room, version: 2, paused: true });
  expect(await line.join(eventId, placeOf(3))).toMatchObject({ outcome: 'new', mayWake: false });
  expect(await line.take(eventId, 9, 'empty')).toEqual({ outcome: 'none', reason: 'paused' });

  await line.putRoom({ ...room, version: 3, open: false });
  expect(await line.join(eventId, placeOf(4))).toEqual({ outcome: 'closed', mayWake: false, epoch: 1 });
  expect(await line.join(eventId, placeOf(3))).toMatchObject({ outcome: 'there', standing: { place: 3 } });
  expect(await line.take(eventId, 9, 'empty')).toEqual({ outcome: 'none', reason: 'closed' });

  await line.putRoom({ ...room, version: 4 });
  expect(await admit(line, eventId, 9)).toEqual([1, 2, 3].map(placeOf));
});

test('[LINE-8] a batch that was taken before the pause waits for its end', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, [1]);
  const taken = await line.take(room.eventId, 1, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await line.putRoom({ ...room, version: 2, paused: true });
  expect(await line.offer(room.eventId, taken.batch)).toBe('held');
  expect(await line.standing(room.eventId, fan)).toMatchObject({ stage: 'waiting', place: 1, waiting: 1 });
  await line.putRoom({ ...room, version: 3 });
  expect(await line.offer(room.eventId, taken.batch)).toBe('offered');
});

test('[LINE-10] two turns and no third, and each end is said', async () => {
  const { eventId } = await fixture.room();
  await line.join(eventId, fan);
  await admit(line, eventId, 1);
  await line.claim(eventId, fan, 1);
  await line.leave(eventId, fan, 'ordered');
  expect(await line.standing(eventId, fan)).toEqual({ stage: 'over', turn: 1, reason: 'ordered' });

  // Another one joins first: the second turn is at the end.
  await line.join(eventId, placeOf(2));
  expect(await line.join(eventId, fan)).toMatchObject({ outcome: 'new', standing: { place: 2 } });
  // What the first turn ends with afterwards does not touch the new place.
  expect(await line.leave(eventId, fan, 'ordered')).toBe(false);
  await admit(line, eventId, 2);
  expect(await line.claim(eventId, fan, 1)).toEqual({ outcome: 'over' });
  expect(await line.claim(eventId, fan, 2)).toMatchObject({ outcome: 'claimed' });
  await line.leave(eventId, fan, 'left');
  expect(await line.join(eventId, fan)).toEqual({
    outcome: 'spent',
    epoch: 1,
    mayWake: false,
    standing: { stage: 'over', turn: 2, reason: 'left' },
  });
});

test('[ADM-7] [LINE-10] an offer nobody claims lapses, a session ends, and both slots are free with nobody tidying', async () => {
  const { eventId } = await fixture.room({
    capacity: 2,
    claimWindowMs: limits.claimWindowMinMs,
    sessionTtlMs: limits.sessionTtlMinMs,
  });
  await joinAll(line, eventId, upTo(4));
  const [absent, shopper] = await admit(line, eventId, 4);
  const claimed = await line.claim(eventId, shopper!, 1);
  expect(await admit(line, eventId, 4)).toEqual([]);

  const over = await until(
    async () => {
      const both = await line.standings(eventId, [absent!, shopper!]);
      return both.every((standing) => standing?.stage === 'over') && both;
    },
    { what: 'both turns are over' },
  );
  expect(over).toEqual([
    { stage: 'over', turn: 1, reason: 'lapsed' },
    { stage: 'over', turn: 1, reason: 'expired' },
  ]);
  expect(await line.nowMs()).toBeGreaterThanOrEqual(claimed.shopping!.sessionExpiresAtMs);
  expect(await line.claim(eventId, absent!, 1)).toEqual({ outcome: 'lapsed' });
  expect(await line.claim(eventId, shopper!, 1)).toEqual({ outcome: 'over' });
  expect(await line.look(eventId, { shape: false })).toMatchObject({ offers: 0, sessions: 0 });
  expect(await admit(line, eventId, 4)).toEqual([2, 3].map(placeOf));
  // A paid order that comes late is still what the turn ended with.
  expect(await line.leave(eventId, shopper!, 'ordered')).toBe(true);
  expect(await line.standing(eventId, shopper!)).toMatchObject({ reason: 'ordered' });
});

test('[ADM-8] claims at once make one session; nobody claims what was not offered', async () => {
  const { eventId, sessionTtlMs } = await fixture.room();
  await line.join(eventId, fan);
  expect(await line.claim(eventId, fan, 1)).toEqual({ outcome: 'over' });
  const taken = await line.take(eventId, 1, 'empty');
  expect(await line.claim(eventId, fan, 1)).toEqual({ outcome: 'over' });
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await line.offer(eventId, taken.batch);
  expect(await line.claim(eventId, fan, 2)).toEqual({ outcome: 'over' });
  expect(await line.standing(eventId, fan)).toMatchObject({ stage: 'offered', turn: 1 });

  const lines = [line, fixture.another()];
  const before = await line.nowMs();
  const claims = await Promise.all(upTo(20).map((at) => lines[at % 2]!.claim(eventId, fan, 1)));
  expect(new Set(claims.map((claim) => JSON.stringify(claim))).size).toBe(1);
  expect(claims[0]!.outcome).toBe('claimed');
  expect(claims[0]!.shopping!.sessionExpiresAtMs - before).toBeGreaterThanOrEqual(sessionTtlMs);
  expect(claims[0]!.shopping!.sessionExpiresAtMs - (await line.nowMs())).toBeLessThanOrEqual(sessionTtlMs);
  expect(await line.look(eventId, { shape: false })).toMatchObject({ offers: 0, sessions: 1, fresh: 1 });
  expect(await line.sessionCounts(eventId, { place: fan, turn: 1, expiresAtMs: 0 })).toBe(true);
  expect(await line.standing(eventId, fan)).toMatchObject({ stage: 'shopping', turn: 1 });
});

test('[LINE-6] a join wakes when nobody else waits and a slot is free, and not otherwise', async () => {
  const { eventId } = await fixture.room({ capacity: 1 });
  expect(await line.join(eventId, placeOf(1))).toMatchObject({ outcome: 'new', mayWake: true });
  expect(await line.join(eventId, placeOf(1))).toMatchObject({ outcome: 'there', mayWake: false });
  expect(await line.join(eventId, placeOf(2))).toMatchObject({ outcome: 'new', mayWake: false });
  await admit(line, eventId, 1);
  await line.leave(eventId, placeOf(2), 'left');
  expect(await line.join(eventId, placeOf(3))).toMatchObject({ outcome: 'new', mayWake: false });
});

test('a room is unknown until its copy is here, and only a later version replaces it', async () => {
  expect(await line.join('event-elsewhere', fan)).toEqual({
    outcome: 'unknownRoom',
    mayWake: false,
    epoch: 0,
  });
  expect(await line.look('event-elsewhere', { shape: true })).toBeUndefined();
  const room = await fixture.room({ version: 3, capacity: 3 });
  await line.putRoom({ ...room, version: 3, capacity: 33 });
  await line.putRoom({ ...room, version: 2, capacity: 22 });
  expect(await line.room(room.eventId)).toEqual(room);
  await line.putRoom({ ...room, version: 4, capacity: 44 });
  expect((await line.room(room.eventId))?.capacity).toBe(44);
  expect(await line.rooms()).toContain(room.eventId);
});

test('scripts that Redis forgot are sent again, also in a pipeline of many', async () => {
  const { eventId } = await fixture.room();
  const fans = upTo(limits.standingsPerScript * 3);
  await joinAll(line, eventId, fans);
  await redis.script('FLUSH');
  const standings = await line.standings(eventId, fans.map(placeOf));
  expect(standings.every((standing) => standing?.stage === 'waiting')).toBe(true);
});
