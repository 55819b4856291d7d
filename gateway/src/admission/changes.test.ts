import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { joinAll, lineFixture, placeOf, roomOf, upTo } from '../line/test/fixture.ts';
import { coreStandIn } from './test/core-stand-in.ts';
import { startWorker, type WorkerProcess } from './test/worker-process.ts';

const fixture = lineFixture();
const { line, prefix, url } = fixture;
const core = await coreStandIn();
const FANS = 4_000;
// Epoch 0: this Redis is the first that knows it.
const first = roomOf('the-sale', { capacity: 100_000, paused: true, epoch: 0 });
const { eventId } = first;
core.rooms.set(eventId, first);

const workers: WorkerProcess[] = [];
beforeAll(async () => {
  workers.push(...(await Promise.all([1, 2, 3].map(() => startWorker(core, { url, prefix })))));
  await until(() => line.room(eventId), { withinMs: limits.startMs, what: 'a worker copied the room' });
  await until(async () => (await line.look(eventId, { shape: false }))?.healing === false, {
    what: 'the room lives',
  });
  await joinAll(line, eventId, upTo(FANS));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
  await core.stop();
  await fixture.close();
});

/**
 * Changes the room where it belongs, in the core; nobody tells Redis. How soon it is in force is measured by
 * `bin/bench admission`. @returns when it was in force, epoch ms by Redis's clock
 */
async function change(patch: Partial<Room>): Promise<number> {
  const was = core.rooms.get(eventId)!;
  const version = was.version + 1;
  core.rooms.set(eventId, { ...was, ...patch, version });
  const byIt = async (sinceSeq = 0) => {
    const { seq, room } = (await line.snapshot(eventId))!;
    return room.version === version && seq > sinceSeq && seq;
  };
  const seq = await until(() => byIt(), { what: 'a look by the changed room' });
  // Of a second one: by then a batch that was taken before has been offered.
  await until(() => byIt(seq), { what: 'one more' });
  return line.nowMs();
}
/** When fans were let in, epoch ms by Redis's clock, ascending. */
async function admissions(): Promise<number[]> {
  const standings = await line.standings(eventId, upTo(FANS).map(placeOf));
  return standings
    .flatMap((standing) => (standing?.stage === 'offered' ? [standing.offeredAtMs] : []))
    .sort((a, b) => a - b);
}
const admittedSince = async (atMs: number): Promise<number> =>
  (await admissions()).filter((one) => one > atMs).length;

test('[ADM-9] [ADM-27] three real workers: a new rate, a pause and its end come into force by themselves, with no burst', async () => {
  // A pause ends: not more than the bucket and the rate, however long it was.
  const ratePerMinute = 6_000;
  const pausedUntilMs = (await line.nowMs()) + 5 * limits.rateCreditMs;
  await until(async () => (await line.nowMs()) > pausedUntilMs, { what: 'a pause that fills any bucket' });
  await change({ paused: false, ratePerMinute });
  const startedAtMs = await until(async () => (await admissions())[0], { what: 'the first are let in' });
  const seconds = 4;
  await until(async () => (await admissions()).at(-1)! > startedAtMs + seconds * 1_000, {
    what: 'some seconds',
  });
  const flow = (await admissions()).map((atMs) => atMs - startedAtMs);
  for (const windowMs of [limits.tickMs, 1_000, 2_000, seconds * 1_000]) {
    const within = flow.filter((atMs) => atMs < windowMs).length;
    expect(within, `in the first ${windowMs} ms`).toBeLessThanOrEqual(
      ((windowMs + limits.rateCreditMs) * ratePerMinute) / 60_000,
    );
  }

  // Ten times slower: from then on never more than the new rate and its bucket.
  const slowed = await change({ ratePerMinute: 600 });
  const goneMs = await until(
    async () => (await line.nowMs()) > slowed + 2_000 && (await line.nowMs()) - slowed,
    {
      what: 'two seconds of the new rate',
    },
  );
  expect(await admittedSince(slowed)).toBeLessThanOrEqual((goneMs + limits.rateCreditMs) / 100 + 2);

  const pausedAtMs = await change({ paused: true });
  await until(async () => (await line.nowMs()) > pausedAtMs + 1_500, { what: 'a pause' });
  expect(await admittedSince(pausedAtMs)).toBe(0);
});

test('[ADM-1] [ADM-9] three real workers: a smaller capacity comes into force by itself', async () => {
  const { offers } = (await line.look(eventId, { shape: false }))!;
  await change({ paused: false, ratePerMinute: 600_000, capacity: offers + 50 });
  await until(async () => (await line.look(eventId, { shape: false }))?.offers === offers + 50, {
    what: 'the slots are full',
  });
  await change({ capacity: 10 });
  const [left] = (await line.standings(eventId, upTo(FANS).map(placeOf))).flatMap((one, at) =>
    one?.stage === 'offered' ? [placeOf(at)] : [],
  );
  await line.leave(eventId, left!, 'left');
  // More are in than may be: a slot that gets free stays free.
  const before = (await line.snapshot(eventId))!.seq;
  await until(
    async () =>
      (await line.snapshot(eventId))!.reason === 'capacity' && (await line.snapshot(eventId))!.seq > before,
    {
      what: 'a tick that says so',
    },
  );
  expect((await line.look(eventId, { shape: false }))?.offers).toBe(offers + 49);
});
