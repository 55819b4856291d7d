import { setTimeout as delay } from 'node:timers/promises';
import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { afterAll, expect, test } from 'vitest';
import type { Line } from '../line/line.ts';
import { joinAll, lineFixture, placeOf, seeded, upTo } from '../line/test/fixture.ts';

const fixture = lineFixture();
const { line } = fixture;
afterAll(() => fixture.close());

/** Three workers tick as fast as they can for a while; each tick may die after taking, and recording takes its time. */
async function crowdOfWorkers(room: Room, forMs: number, seed: number): Promise<void> {
  const endAtMs = performance.now() + forMs;
  await Promise.all(
    upTo(3).map(async (at) => {
      const random = seeded(seed + at);
      const own: Line = fixture.another();
      while (performance.now() < endAtMs) {
        const taken = await own.take(room.eventId, 500, 'empty');
        const dies = random() < 0.2;
        if (taken.outcome !== 'none' && !dies) {
          await delay(random() < 0.05 ? 400 * random() : 8 * random());
          await own.offer(room.eventId, taken.batch);
        }
        await delay(10 * random());
      }
    }),
  );
}

/** When each fan was admitted, ascending, by what stands in the line. */
async function admissionsOf({ eventId }: Room, fans: number): Promise<number[]> {
  const standings = await line.standings(eventId, upTo(fans).map(placeOf));
  return standings
    .flatMap((standing) => (standing?.stage === 'offered' ? [standing.offeredAtMs] : []))
    .sort((a, b) => a - b);
}

/** What the bucket holds at most, as includes/credit.lua has it. */
function depthOf({ ratePerMinute }: Pick<Room, 'ratePerMinute'>): number {
  const most = (ratePerMinute * limits.rateCreditMs) / 60_000;
  return most >= 10
    ? (ratePerMinute * (limits.rateCreditMs - 2)) / 60_000
    : Math.max(1, Math.floor(most)) + 0.95;
}

/**
 * What no window may exceed: what the bucket holds and what flows into it meanwhile. Times are cut to ms, so a window of
 * n ms may have seen almost two ms more. Over a minute this is the rate and 1 % of it, or one fan.
 */
function boundOf(room: Room): (windowMs: number) => number {
  const depth = depthOf(room);
  const flow = room.ratePerMinute / 60_000;
  return (windowMs) => depth + flow * (windowMs + 2) + 1e-3;
}

test('[ADM-2] whatever the rate, no minute of whole ms has more than 1 % or one fan beyond it', () => {
  for (
    let ratePerMinute = 1;
    ratePerMinute <= limits.ratePerMinuteMax;
    ratePerMinute += 1 + (ratePerMinute >> 7)
  ) {
    const most = Math.floor(depthOf({ ratePerMinute }) + (ratePerMinute * 60_002) / 60_000);
    expect(most).toBeLessThanOrEqual(ratePerMinute + Math.max(1, ratePerMinute / 100));
  }
});

function expectWithin(room: Room, admissions: readonly number[]): void {
  const bound = boundOf(room);
  let worst = { over: -Infinity, count: 0, windowMs: 0 };
  admissions.forEach((from, first) => {
    for (let last = first; last < admissions.length; last += 1) {
      const windowMs = admissions[last]! - from;
      const count = last - first + 1;
      if (count - bound(windowMs) > worst.over) worst = { over: count - bound(windowMs), count, windowMs };
    }
  });
  expect(worst.over, `${worst.count} within ${worst.windowMs} ms`).toBeLessThanOrEqual(0);
}

// Each looks at its own room for a while, and beside each other they wait once.
test.concurrent.each([60, 1_200, 12_000])(
  '[ADM-2] at %i a minute, three workers at once that die and dawdle never exceed the rate, and use it',
  async (ratePerMinute) => {
    const room = await fixture.room({ ratePerMinute, capacity: 10_000 });
    const fans = 2_000;
    await joinAll(line, room.eventId, upTo(fans));
    const startedAtMs = await line.nowMs();
    await crowdOfWorkers(room, 5_000, ratePerMinute);

    const admissions = await admissionsOf(room, fans);
    expectWithin(room, admissions);
    const tookMs = (await line.nowMs()) - startedAtMs;
    expect(admissions.length).toBeGreaterThan((0.75 * ratePerMinute * tookMs) / 60_000);
  },
);

test('[ADM-2] a pause is followed by no burst, and a new rate is in force at the next take', async () => {
  const room = await fixture.room({ ratePerMinute: 3_000, capacity: 10_000 });
  await joinAll(line, room.eventId, upTo(1_000));
  const depth = Math.floor(depthOf(room));
  expect(await line.take(room.eventId, 500, 'empty')).toMatchObject({ batch: { reason: 'rate' } });
  const taken = await line.take(room.eventId, 0, 'empty');
  if (taken.outcome !== 'pending') throw new Error('the batch is not there');
  expect(taken.batch.places).toHaveLength(depth);
  await line.offer(room.eventId, taken.batch);

  await line.putRoom({ ...room, version: 2, paused: true });
  const pausedAtMs = await line.nowMs();
  while ((await line.nowMs()) < pausedAtMs + 2 * limits.rateCreditMs) {
    expect(await line.take(room.eventId, 500, 'empty')).toEqual({ outcome: 'none', reason: 'paused' });
    await delay(50);
  }
  const goesOn = { ...room, version: 3 };
  await line.putRoom(goesOn);
  const after = await line.take(room.eventId, 500, 'empty');
  expect(after.outcome === 'taken' ? after.batch.places.length : 0).toBeLessThanOrEqual(depth / 2);
  if (after.outcome === 'taken') await line.offer(room.eventId, after.batch);

  await line.putRoom({ ...goesOn, version: 4, ratePerMinute: 0 });
  expect(await line.take(room.eventId, 500, 'empty')).toEqual({ outcome: 'none', reason: 'rate' });
});

test('[ADM-2] a batch that waited for the core is not followed by a full bucket', async () => {
  const room = await fixture.room({ ratePerMinute: 3_000, capacity: 10_000 });
  await joinAll(line, room.eventId, upTo(1_000));
  const taken = await line.take(room.eventId, 500, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  const waitedUntilMs = (await line.nowMs()) + limits.rateCreditMs + 100;
  while ((await line.nowMs()) < waitedUntilMs) await delay(50);
  await line.offer(room.eventId, taken.batch);
  await crowdOfWorkers(room, 1_000, 5);
  expectWithin(room, await admissionsOf(room, 1_000));
});
