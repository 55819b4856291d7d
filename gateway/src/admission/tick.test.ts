import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { coreClient } from '../core-client.ts';
import { joinAll, lineFixture, placeOf, upTo } from '../line/test/fixture.ts';
import { RoomTicks } from './room-ticks.ts';
import { Stocks } from './stocks.ts';
import { coreStandIn, door } from './test/core-stand-in.ts';
import { type TickReport, tick } from './tick.ts';

const fixture = lineFixture();
const { line } = fixture;
const core = await coreStandIn();
const client = coreClient(core.url, core.token);
const full = { ...core.stock };
afterAll(async () => {
  await core.stop();
  await fixture.close();
});
beforeEach(() => {
  core.stock = { ...full };
});

/** The parts of one worker. Each asks the core for stock itself, so nothing is kept from one tick to the next. */
const worker = () => ({
  line: fixture.another(),
  core: client,
  stocks: { of: (eventId: string) => client.stock(eventId).catch(() => undefined) },
  onUnrecorded: () => {},
});
const parts = worker();
const ticked = (room: Room): Promise<TickReport | undefined> => tick(parts, room.eventId);
const recordedOf = ({ eventId }: Room) => core.recorded.filter(({ event }) => event === eventId);
const stages = async ({ eventId }: Room, fans: readonly number[]) =>
  (await line.standings(eventId, fans.map(placeOf))).map((standing) => standing?.stage);

test('[ADM-3] a tick takes places in line order, records them, offers them, and leaves the snapshot', async () => {
  const room = await fixture.room();
  const orders = await joinAll(line, room.eventId, upTo(20));
  expect(await ticked(room)).toMatchObject({ reason: 'empty', waiting: 0, admitted: 20, finished: false });
  expect(recordedOf(room).map(({ order }) => order)).toEqual(orders);
  expect(await stages(room, upTo(20))).toEqual(Array(20).fill('offered'));
  expect(await line.snapshot(room.eventId)).toMatchObject({
    reason: 'empty',
    offers: 20,
    sessions: 0,
    admittedLastMinute: 20,
    room: { state: 'open', waiting: 0, version: 1 },
    lanes: { general: { waiting: 0, front: [], admittedLastMinute: 20 } },
  });
});

test('[ADM-3] nobody is offered anything while the batch is not recorded, and no second one is taken', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  const recording = door();
  core.beforeRecord = recording.wait;
  const calls = core.recordCalls;
  const running = ticked(room);
  await until(() => core.recordCalls > calls, { what: 'the batch is being recorded' });
  await joinAll(line, room.eventId, [3, 4]);

  expect(await stages(room, upTo(5))).toEqual(Array(5).fill('waiting'));
  expect(await line.standing(room.eventId, placeOf(2))).toMatchObject({ place: 1, waiting: 5 });
  expect(await line.standing(room.eventId, placeOf(4))).toMatchObject({ place: 2, waiting: 5 });
  const again = await line.take(room.eventId, 9, 'empty');
  expect(again.outcome === 'pending' && again.batch.places.map(({ place }) => place)).toEqual(
    [0, 1, 2].map(placeOf),
  );

  core.beforeRecord = async () => {};
  recording.open();
  expect(await running).toMatchObject({ admitted: 3 });
  expect(await stages(room, upTo(5))).toEqual(['offered', 'offered', 'offered', 'waiting', 'waiting']);
});

test('[ADM-5] a worker that died after taking: the next tick finishes its batch, once', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(5));
  await line.take(room.eventId, 3, 'empty');

  expect(await ticked(room)).toMatchObject({ admitted: 3, finished: true, waiting: 2 });
  expect(await stages(room, upTo(5))).toEqual(['offered', 'offered', 'offered', 'waiting', 'waiting']);
  expect(await ticked(room)).toMatchObject({ admitted: 2, finished: false });
  expect(recordedOf(room).map(({ place }) => place)).toEqual(upTo(5).map(placeOf));
});

test('[ADM-4] [ADM-5] a worker that died after recording: nothing is recorded twice, and the offers go out', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  const taken = await line.take(room.eventId, 3, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await client.recordBatch(room.eventId, taken.batch);

  expect(await ticked(room)).toMatchObject({ admitted: 3, finished: true });
  expect(recordedOf(room)).toHaveLength(3);
  expect(await stages(room, upTo(3))).toEqual(Array(3).fill('offered'));
});

test('[ADM-4] [ADM-5] a worker that died after offering: a repeat changes nothing of the offer', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  const taken = await line.take(room.eventId, 3, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await client.recordBatch(room.eventId, taken.batch);
  expect(await line.offer(room.eventId, taken.batch)).toBe('offered');
  const before = await line.standings(room.eventId, upTo(3).map(placeOf));

  // A batch of the same number that another Redis numbered: only the time tells them apart.
  await joinAll(line, room.eventId, [3]);
  const next = await line.take(room.eventId, 1, 'empty');
  if (next.outcome !== 'taken') throw new Error('nobody was taken');
  expect(await line.offer(room.eventId, taken.batch)).toBe('over');
  expect(await line.offer(room.eventId, { ...next.batch, takenAtMs: next.batch.takenAtMs - 1 })).toBe('over');
  expect(await ticked(room)).toMatchObject({ admitted: 1, finished: true });
  expect(await line.standings(room.eventId, upTo(3).map(placeOf))).toEqual(before);
});

test('[ADM-3] [ADM-5] eight workers at once, some of which die on the way: everyone is admitted once, in order', async () => {
  const room = await fixture.room({ capacity: 10_000 });
  const orders = await joinAll(line, room.eventId, upTo(900));
  const workers = upTo(8).map(worker);
  for (let round = 0; (await line.look(room.eventId, { shape: false }))!.inLanes > 0; round += 1) {
    // One takes and dies; the others come upon it at once.
    if (round % 2 === 0) await line.take(room.eventId, 40, 'empty');
    const reports = await Promise.all(workers.map((one) => tick(one, room.eventId)));
    expect(reports.every((report) => report !== undefined)).toBe(true);
  }
  await ticked(room);
  expect(recordedOf(room).map(({ order }) => order)).toEqual(orders);
  expect(new Set(await stages(room, upTo(900)))).toEqual(new Set(['offered']));
  expect(await line.look(room.eventId, { shape: false })).toMatchObject({ offers: 900, inBatch: undefined });
});

test('[ADM-5] while the core is away the batch stays and the snapshot is fresh; afterwards it is finished', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  await line.take(room.eventId, 2, 'empty');
  core.away = true;
  expect(await ticked(room)).toMatchObject({ reason: 'batch', waiting: 3, admitted: 0, finished: false });
  const first = await line.snapshot(room.eventId);
  await ticked(room);
  expect((await line.snapshot(room.eventId))!.seq).toBeGreaterThan(first!.seq);
  expect(await stages(room, upTo(3))).toEqual(Array(3).fill('waiting'));
  core.away = false;
  expect(await ticked(room)).toMatchObject({ admitted: 2, finished: true });
});

test('[ADM-27] one tick lets in batch after batch while only their size bounds it, and says from which lanes', async () => {
  const room = await fixture.room({ capacity: 100_000 });
  const orders = await joinAll(line, room.eventId, upTo(1_700));
  for (const fan of upTo(300, 2_000)) await line.join(room.eventId, placeOf(fan), { lane: 'priority' });
  const calls = core.recordCalls;
  expect(await ticked(room)).toMatchObject({
    admitted: 2_000,
    waiting: 0,
    away: 0,
    fromLanes: { general: 1_700, priority: 300, returning: 0 },
    inLanes: { general: 0, priority: 0, returning: 0 },
  });
  expect(core.recordCalls - calls).toBe(2_000 / limits.batchMaxPlaces);
  const inGeneral = new Set(upTo(1_700).map(placeOf));
  const general = recordedOf(room).filter(({ place }) => inGeneral.has(place));
  expect(general.map(({ order }) => order)).toEqual(orders);
});

test('[ADM-27] the rate bounds all batches of one tick together, and the slots do', async () => {
  // 1 % of 90,000 is more than one batch.
  const rated = await fixture.room({ ratePerMinute: 90_000, capacity: 100_000 });
  await joinAll(line, rated.eventId, upTo(1_500));
  const { admitted, reason } = (await ticked(rated))!;
  expect(reason).toBe('rate');
  expect(admitted).toBeGreaterThan(limits.batchMaxPlaces);
  // What the bucket holds, and what flowed in meanwhile.
  expect(admitted).toBeLessThan(1_300);
  const tight = await fixture.room({ capacity: 777 });
  await joinAll(line, tight.eventId, upTo(1_500));
  expect(await ticked(tight)).toMatchObject({ admitted: 777 });
  expect(await line.look(tight.eventId, { shape: false })).toMatchObject({ offers: 777 });
});

test('[ADM-27] the batch that a dead worker left and what would have been taken next go in one run', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(5));
  await line.take(room.eventId, 3, 'empty');
  const reports: TickReport[] = [];
  const ticks = new RoomTicks(parts, (_, report) => void reports.push(report));
  await ticks.run({ event: room.eventId, cause: 'schedule' });
  expect(reports.map(({ admitted, finished }) => [admitted, finished])).toEqual([
    [3, true],
    [2, false],
  ]);
});

test('[ADM-20] [ADM-27] a tick passes over as many as it may, again and again, until it finds fans who are there', async () => {
  const room = await fixture.room({ capacity: 100_000 });
  await joinAll(line, room.eventId, upTo(2_600));
  await fixture.redis.zrem(keysOf(fixture.prefix, room.eventId).seen, ...upTo(2_500).map(placeOf));
  expect(await ticked(room)).toMatchObject({ admitted: 100, away: 2_500 });
});

test('[ADM-11] nobody is taken while the stock is not known, or nothing is free', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  core.away = true;
  expect(await ticked(room)).toMatchObject({ reason: 'pressure', admitted: 0 });
  core.away = false;
  core.stock = { ...full, free: 0, held: 10 };
  expect(await ticked(room)).toMatchObject({ reason: 'stock', admitted: 0 });
  core.stock = { ...full, free: 1 };
  expect(await ticked(room)).toMatchObject({ reason: 'stock', admitted: 1 });
  expect(await ticked(room)).toMatchObject({ reason: 'stock', admitted: 0 });
  expect(await line.look(room.eventId, { shape: false })).toMatchObject({ inBatch: undefined, inLanes: 2 });
});

test('[LINE-9] sold out is in the snapshot, stays there while the core is away, and goes when a ticket comes back', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(3));
  const state = async () => {
    await ticked(room);
    return (await line.snapshot(room.eventId))?.room.state;
  };
  expect(await state()).toBe('open');
  await joinAll(line, room.eventId, [3]);
  core.stock = { ...full, free: 0, sold: full.total };
  expect(await state()).toBe('soldOut');
  expect(await line.snapshot(room.eventId)).toMatchObject({ reason: 'soldOut', forecast: { pace: null } });
  core.away = true;
  expect(await state()).toBe('soldOut');
  core.away = false;
  core.stock = { ...full, free: 1, sold: full.total - 1 };
  expect(await state()).toBe('open');
});

test('[LINE-8] a paused room keeps the batch that a dead worker left, and goes on with it', async () => {
  const room = await fixture.room();
  await joinAll(line, room.eventId, upTo(2));
  await line.take(room.eventId, 2, 'empty');
  await line.putRoom({ ...room, version: 2, paused: true });
  expect(await ticked(room)).toMatchObject({ reason: 'paused', waiting: 2, admitted: 0, finished: false });
  expect(recordedOf(room)).toEqual([]);
  expect((await line.snapshot(room.eventId))?.room).toEqual({ state: 'paused', waiting: 2, version: 2 });
  await line.putRoom({ ...room, version: 3 });
  expect(await ticked(room)).toMatchObject({ admitted: 2, finished: true });
});

test('a snapshot is never replaced by an older one', async () => {
  const room = await fixture.room();
  await ticked(room);
  const older = (await line.snapshot(room.eventId))!;
  await ticked(room);
  const newer = (await line.snapshot(room.eventId))!;
  await line.putSnapshot(room.eventId, older, '{}');
  expect(await line.snapshot(room.eventId)).toEqual(newer);
  expect((await line.lastTicks()).get(room.eventId)).toEqual({ atMs: newer.atMs, quiet: true });
});

test('[ADM-35] the first tick that finds nobody says so, and the first that finds somebody: of several at once one', async () => {
  const room = await fixture.room({ capacity: 1, claimWindowMs: 600_000 });
  const { eventId } = room;
  const told: boolean[] = [];
  const ticks = new RoomTicks(parts, () => {}, {
    end: async () => {},
    pace: async (_, { quiet }) => void told.push(quiet),
  });
  const tickTimes = async (times: number): Promise<boolean[]> => {
    for (const _ of upTo(times)) await ticks.run({ event: eventId, cause: 'schedule' });
    return told;
  };
  expect(await tickTimes(3)).toEqual([true]);
  // One has the offer, the other waits.
  await joinAll(line, eventId, [1, 2]);
  expect(await tickTimes(3)).toEqual([true, false]);
  await line.leave(eventId, placeOf(2), 'left');
  expect(await tickTimes(3)).toEqual([true, false]);
  await line.leave(eventId, placeOf(1), 'left');
  expect(await tickTimes(3)).toEqual([true, false, true]);
  // Doors that open at a set time are kept time for.
  await line.putRoom({ ...room, opensAtMs: Date.now() + 3_600_000, version: 2 });
  expect(await tickTimes(3)).toEqual([true, false, true, false]);
});

test('[LINE-6] a wake that comes while a tick is at work is run after it; the schedule keeps the snapshot fresh meanwhile', async () => {
  const room = await fixture.room();
  const { eventId: event } = room;
  const reports: TickReport[] = [];
  const ticks = new RoomTicks(parts, (_, report) => void reports.push(report));
  await ticks.run({ event, cause: 'schedule' });
  await joinAll(line, event, [1]);

  const recording = door();
  core.beforeRecord = recording.wait;
  const calls = core.recordCalls;
  const atWork = ticks.run({ event, cause: 'schedule' });
  await until(() => core.recordCalls > calls, { what: 'the batch is being recorded' });
  const before = await line.snapshot(event);
  await joinAll(line, event, [2, 3]);
  await ticks.run({ event, cause: 'join' });
  await ticks.run({ event, cause: 'join' });
  await ticks.run({ event, cause: 'schedule' });
  const meanwhile = (await line.snapshot(event))!;
  expect(meanwhile.seq).toBeGreaterThan(before!.seq);
  expect(meanwhile.room.waiting).toBe(3);

  core.beforeRecord = async () => {};
  recording.open();
  await atWork;
  expect(reports.map(({ admitted }) => admitted)).toEqual([0, 1, 2]);
});

test('stock is asked for at most once in its age, which is longer in a room where nobody is, and a core that is away is said', async () => {
  const away: unknown[] = [];
  let asked = 0;
  const stocks = new Stocks(
    {
      stock(eventId) {
        asked += 1;
        return client.stock(eventId);
      },
    },
    (error) => away.push(error),
  );
  const answers = await Promise.all(upTo(20).map(() => stocks.of('event-1', limits.stockMaxAgeMs)));
  expect(asked).toBe(1);
  expect(answers[19]).toMatchObject(full);
  core.away = true;
  await until(async () => (await stocks.of('event-1', limits.stockMaxAgeMs)) === undefined, {
    what: 'the answer has aged',
  });
  core.away = false;
  expect(away).toHaveLength(1);
});

test('[ADM-6] stock may be older in a room where nobody is, and is new again with the first who joins', async () => {
  const room = await fixture.room();
  const ages: number[] = [];
  const stocks = {
    of(eventId: string, maxAgeMs: number) {
      ages.push(maxAgeMs);
      return parts.stocks.of(eventId);
    },
  };
  await tick({ ...parts, stocks }, room.eventId);
  await joinAll(line, room.eventId, [0]);
  await tick({ ...parts, stocks }, room.eventId);
  await tick({ ...parts, stocks }, room.eventId);
  expect(ages).toEqual([limits.eventMaxAgeMs, limits.stockMaxAgeMs, limits.stockMaxAgeMs]);
});
