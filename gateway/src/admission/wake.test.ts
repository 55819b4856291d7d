import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { coreClient } from '../core-client.ts';
import { lineFixture, placeOf, upTo } from '../line/test/fixture.ts';
import { RoomTicks } from './room-ticks.ts';
import { Stocks } from './stocks.ts';
import { coreStandIn, door } from './test/core-stand-in.ts';
import { waker } from './wake.ts';
import { tickWorker } from './worker.ts';

const fixture = lineFixture();
const { line, url, prefix } = fixture;
const core = await coreStandIn();
const client = coreClient(core.url, core.token);
const faults: unknown[] = [];
const ticks = new RoomTicks(
  { line, core: client, stocks: new Stocks(client, () => {}), onUnrecorded: (error) => faults.push(error) },
  () => {},
);
const redis = new Redis(url, { maxRetriesPerRequest: null });
// No scheduler in this file: only wakes tick.
const worker = tickWorker(redis, prefix, ticks, (error) => faults.push(error));
const { wake, close } = waker(fixture.redis, prefix);
afterAll(async () => {
  await worker.close();
  await close();
  redis.disconnect();
  await core.stop();
  await fixture.close();
  expect(faults).toEqual([]);
});

const offered = (eventId: string, fan: number) => async () =>
  (await line.standing(eventId, placeOf(fan)))?.stage === 'offered';

test('[LINE-6] a join into a room with a free slot and nobody waiting is offered by its own wake, with no schedule', async () => {
  const { eventId } = await fixture.room();
  await worker.waitUntilReady();
  for (const fan of upTo(15)) {
    expect(await line.join(eventId, placeOf(fan))).toMatchObject({ mayWake: true });
    wake(eventId, 'join');
    await until(offered(eventId, fan), { what: `fan ${fan} is offered` });
  }
});

test('[LINE-6] of many wakes none is lost: who joined while a tick was at work goes with the next', async () => {
  const { eventId } = await fixture.room();
  const recording = door();
  core.beforeRecord = recording.wait;
  const calls = core.recordCalls;
  await line.join(eventId, placeOf(1));
  wake(eventId, 'join');
  await until(() => core.recordCalls > calls, { what: 'the tick is at work' });

  for (const fan of [2, 3, 4]) {
    await line.join(eventId, placeOf(fan));
    for (const _ of upTo(20)) wake(eventId, 'slot');
  }
  core.beforeRecord = async () => {};
  recording.open();
  for (const fan of upTo(4, 1)) await until(offered(eventId, fan), { what: `fan ${fan} is offered` });
  // A handful of ticks for sixty-one wakes.
  expect(core.recordCalls - calls).toBeLessThanOrEqual(4);
});
