import { tickSchedulerId } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import { bullPrefix } from '@onsale/shared/redis-keys';
import { afterAll, afterEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { joinAll, lineFixture, placeOf, roomOf, upTo } from '../line/test/fixture.ts';
import { scheduleTicks, tickQueue } from './queue.ts';
import { coreStandIn, door } from './test/core-stand-in.ts';
import { cuttable } from './test/cuttable.ts';
import { startWorker, type WorkerProcess } from './test/worker-process.ts';
import { waker } from './wake.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
const core = await coreStandIn();
// Epoch 0: this Redis is the first that knows it.
const room = roomOf('the-sale', { capacity: 100_000, epoch: 0 });
const { eventId } = room;
core.rooms.set(eventId, room);

const workers: WorkerProcess[] = [];
const start = async (url = fixture.url): Promise<WorkerProcess> => {
  const worker = await startWorker(core, { url, prefix });
  workers.push(worker);
  return worker;
};
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.end('SIGKILL')));
});
afterAll(async () => {
  await core.stop();
  await fixture.close();
});

let fans = 0;
const newFans = (count: number): number[] => {
  fans += count;
  return upTo(count, fans - count);
};
const allOffered = (some: readonly number[]) => async () =>
  (await line.standings(eventId, some.map(placeOf))).every((standing) => standing?.stage === 'offered');
const seqGrows = async (): Promise<void> => {
  const before = (await line.snapshot(eventId))?.seq ?? 0;
  await until(async () => ((await line.snapshot(eventId))?.seq ?? 0) > before, { what: 'a tick' });
};

test('[ADM-5] kill -9 while a batch is being recorded, before and after the core kept it: another worker finishes it, once', async () => {
  for (const where of ['beforeRecord', 'beforeAnswer'] as const) {
    const first = await start();
    await until(() => line.room(eventId), { what: 'the worker copied the room' });
    await seqGrows();
    const hanging = door();
    core[where] = hanging.wait;
    const calls = core.recordCalls;
    const some = newFans(30);
    const orders = await joinAll(line, eventId, some);
    await until(() => core.recordCalls > calls, { what: 'the batch is being recorded' });
    await first.end('SIGKILL');
    expect((await line.look(eventId, { shape: false }))?.inBatch).toBeGreaterThan(0);

    core[where] = async () => {};
    hanging.open();
    const second = await start();
    await until(allOffered(some), { what: 'every fan is offered' });
    const mine = core.recorded.filter(({ order }) => order >= orders[0]!);
    expect(mine.map(({ order }) => order)).toEqual(orders);
    expect(mine.every(({ turn }) => turn === 1)).toBe(true);
    expect(await second.vitals('/healthz')).toMatchObject({ status: 200 });
    // Counted when the tick that finished it is over, which is after the offers.
    const finished = /^onsale_admission_batches_finished_total\{event="the-sale"\} 1$/m;
    await until(async () => finished.test((await second.vitals('/metrics')).text), {
      what: 'the batch is counted as finished, once',
    });
    expect(await second.end('SIGTERM')).toBe(0);
  }
});

test('[ADM-3] [ADM-5] three workers of which one after the other is killed: everyone is admitted once, in order', async () => {
  let alive = [await start(), await start(), await start()];
  const some = newFans(600);
  const from = core.recorded.length;
  const slower = { ...core.rooms.get(eventId)!, version: 20, ratePerMinute: 6_000 };
  await line.putRoom(slower);
  core.rooms.set(eventId, slower);
  const orders = await joinAll(line, eventId, some);
  for (const share of [0.15, 0.4, 0.7]) {
    await until(() => core.recorded.length - from > share * some.length, {
      what: `${share} of the fans are admitted`,
    });
    await alive[0]!.end('SIGKILL');
    alive = [...alive.slice(1), await start()];
  }
  await until(allOffered(some), { what: 'every fan is offered' });
  expect(core.recorded.slice(from).map(({ order }) => order)).toEqual(orders);
});

test('[ADM-10] a room whose scheduler is gone, with all keys of the queue, is ticking again by itself', async () => {
  await start();
  await seqGrows();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${bullPrefix(prefix)}:*`, 'COUNT', 1_000);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
  await seqGrows();
  await seqGrows();
  const some = newFans(5);
  await joinAll(line, eventId, some);
  await until(allOffered(some), { what: 'every fan is offered' });
});

test('[ADM-35] [ADM-10] a room that nobody is in ticks seldom, and a join changes that; a schedule that stayed seldom does not stay so', async () => {
  const { eventId: event } = await fixture.room({ capacity: 1, claimWindowMs: 600_000, version: 7 });
  core.rooms.set(event, (await line.room(event))!);
  const [queue, { wake, close }] = [tickQueue(redis, prefix), waker(redis, prefix)];
  const everyMs = (ms: number, what: string): Promise<true> =>
    until(async () => (await queue.getJobScheduler(tickSchedulerId(event)))?.every === ms, { what });
  await start();
  await everyMs(limits.quietTickMs, 'seldom');
  const [inside, waiting] = newFans(2) as [number, number];
  await joinAll(line, event, [inside, waiting]);
  wake(event, 'join');
  await everyMs(limits.tickMs, 'often');
  // As if two workers had said so in the other order.
  await scheduleTicks(queue, event, { quiet: true });
  await everyMs(limits.tickMs, 'often again, by whoever looks for silent rooms');
  for (const fan of [waiting, inside]) await line.leave(event, placeOf(fan), 'left');
  await everyMs(limits.quietTickMs, 'seldom again');
  await queue.close();
  await close();
  core.rooms.delete(event);
});

test('[ADM-9] [ADM-10] after the loss of everything in Redis rooms and ticks are back by themselves, with the last policy', async () => {
  const worker = await start();
  await seqGrows();
  core.rooms.set(eventId, { ...core.rooms.get(eventId)!, version: 30, capacity: 4_321 });
  await until(async () => (await line.room(eventId))?.capacity === 4_321, {
    what: 'a change that nobody copied is in force by itself',
  });
  await fixture.wipe();
  await until(async () => (await line.room(eventId))?.capacity === 4_321, { what: 'the room is back' });
  await seqGrows();
  await seqGrows();
  const some = newFans(5);
  await joinAll(line, eventId, some);
  await until(allOffered(some), {
    withinMs: limits.healMs + 10_000,
    what: 'the line has healed, and every fan is offered',
  });
  expect(worker.log()).toContain('a silent room is ticking again');
  expect(worker.log()).toContain('Redis lost the line');
});

test('[ADM-10] while the core does not answer, the room goes on ticking; its fans go when it is back', async () => {
  await start();
  await seqGrows();
  const hanging = door();
  core.beforeRecord = hanging.wait;
  const calls = core.recordCalls;
  const some = newFans(3);
  await joinAll(line, eventId, some);
  await until(() => core.recordCalls > calls, { what: 'the batch is being recorded' });
  for (const _ of upTo(4)) await seqGrows();
  core.beforeRecord = async () => {};
  hanging.open();
  await until(allOffered(some), { what: 'every fan is offered' });
});

test('[ADM-5] [ADM-10] a worker that cannot reach Redis waits, and goes on by itself when it can', async () => {
  const wire = await cuttable(fixture.url);
  const worker = await start(wire.url);
  await seqGrows();
  await wire.cut();
  const some = newFans(3);
  await joinAll(line, eventId, some);
  await until(() => worker.log().includes('ECONNREFUSED'), { what: 'the worker finds Redis away' });
  expect(await allOffered(some)()).toBe(false);
  expect(await worker.vitals('/healthz')).toEqual({ status: 503, text: '{"ok":false,"ailing":["redis"]}' });
  await wire.mend();
  await until(allOffered(some), { what: 'every fan is offered' });
  expect(await worker.end('SIGTERM')).toBe(0);
  await wire.cut();
});
