import type { Room } from '@onsale/shared/http/internal';
import { type Lane, lanes } from '@onsale/shared/lanes';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { until } from '../../../test/until.ts';
import { admit, joinAll, lineFixture, placeOf, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
afterAll(() => fixture.close());

interface Admitted {
  readonly lane: Lane;
  readonly order: number;
}

/** Puts fans straight into a lane, all of them there: joins would bring them, one by one. @returns what order comes next */
async function fill(eventId: string, lane: Lane, count: number, from: number): Promise<number> {
  const keys = keysOf(prefix, eventId);
  if (count === 0) return from;
  const nowMs = await line.nowMs();
  const places = upTo(count, from).map((n) => [n, `${lane}-${n}`.padEnd(22, '_')] as const);
  await redis.zadd(keys[lane], ...places.flat().map(String));
  await redis.zadd(keys.seen, ...places.flatMap(([, place]) => [String(nowMs), place]));
  return from + count;
}

/** Lets so many in, in the order in which the script took them, which a batch's listing does not keep. */
async function take(eventId: string, wish: number): Promise<Admitted[]> {
  const keys = keysOf(prefix, eventId);
  const taken = await line.take(eventId, wish, 'empty');
  if (taken.outcome !== 'taken') return [];
  const { places } = taken.batch;
  await line.offer(eventId, taken.batch);
  await redis.del(keys.offers);
  return places;
}

const shareOf = (room: Pick<Room, 'priorityPercent' | 'returningPercent'>, lane: Lane): number => {
  const { priorityPercent: priority, returningPercent: returning } = room;
  return { priority, returning, general: 100 - priority - returning }[lane];
};
const percent = fc.integer({ min: 1, max: limits.laneShareMaxPercent });

test('[LINE-25] while several lanes have fans each is let in by its share, within one fan, in its own order, and none waits longer than its share says', async () => {
  await fc.assert(
    fc.asyncProperty(
      percent,
      percent,
      fc.subarray([...lanes], { minLength: 2 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 10, maxLength: 40 }),
      async (priorityPercent, returningPercent, busy, sizes) => {
        const room = await fixture.room({ priorityPercent, returningPercent, capacity: 100_000 });
        for (const lane of busy) await fill(room.eventId, lane, 400, 1_000);
        const all = busy.reduce((sum, lane) => sum + shareOf(room, lane), 0);
        const so: Record<Lane, number> = { general: 0, priority: 0, returning: 0 };
        const last: Record<Lane, number> = { general: 0, priority: 0, returning: 0 };
        let count = 0;
        for (const size of sizes) {
          const some = await take(room.eventId, size);
          expect(some).toHaveLength(size);
          for (const { lane, order } of some) {
            expect(order).toBeGreaterThan(last[lane]);
            last[lane] = order;
            so[lane] += 1;
          }
          count += size;
          // At the end of a batch of any size, so at any moment: batches of one are among them.
          for (const lane of busy) {
            const due = (count * shareOf(room, lane)) / all;
            expect(Math.abs(so[lane] - due), `${lane} has ${so[lane]} of ${count}`).toBeLessThan(1);
          }
        }
      },
    ),
    { seed: 20261121, numRuns: runs(25, 600) },
  );
});

test('[LINE-25] shares that are changed in the middle count from there, and a lane that was empty is owed nothing for that time', async () => {
  const room = await fixture.room({ priorityPercent: 10, returningPercent: 10, capacity: 100_000 });
  const { eventId } = room;
  for (const lane of lanes) await fill(eventId, lane, 1_000, 1_000);
  await take(eventId, 77);
  await line.putRoom({ ...room, version: 2, priorityPercent: 45, returningPercent: 5 });
  const counts = { general: 0, priority: 0, returning: 0 };
  for (let count = 1; count <= 200; count += 1) {
    for (const { lane } of await take(eventId, 1)) counts[lane] += 1;
    for (const lane of lanes) {
      const due = (count * shareOf({ priorityPercent: 45, returningPercent: 5 }, lane)) / 100;
      expect(Math.abs(counts[lane] - due), `${lane} has ${counts[lane]} of ${count}`).toBeLessThan(2);
    }
  }

  const alone = await fixture.room({ priorityPercent: 45, returningPercent: 45, capacity: 100_000 });
  await fill(alone.eventId, 'general', 1_000, 1_000);
  expect(await take(alone.eventId, 300)).toHaveLength(300);
  for (const lane of ['priority', 'returning'] as const) await fill(alone.eventId, lane, 100, 1_000);
  const next = await take(alone.eventId, 20);
  expect(next.filter(({ lane }) => lane === 'general')).toHaveLength(2);
});

test('[LINE-25] a lane without a share is not forgotten either', async () => {
  const { eventId } = await fixture.room({ priorityPercent: 0, returningPercent: 0, capacity: 100_000 });
  for (const lane of lanes) await fill(eventId, lane, 400, 1_000);
  const some = await take(eventId, 300);
  for (const lane of ['priority', 'returning']) {
    expect(some.filter((one) => one.lane === lane).length).toBeGreaterThanOrEqual(2);
  }
});

test('[LINE-25] who waits and comes with an invitation changes lanes with his order, in order of arrival and in a draw', async () => {
  const { eventId } = await fixture.room();
  const [first, , last] = await joinAll(line, eventId, [1, 2, 3]);
  await line.join(eventId, placeOf(9), { lane: 'priority' });
  expect(await line.join(eventId, placeOf(3), { lane: 'priority' })).toMatchObject({
    outcome: 'there',
    standing: { lane: 'priority', order: last, place: 1 },
  });
  expect(await line.join(eventId, placeOf(1), { lane: 'priority' })).toMatchObject({
    standing: { lane: 'priority', order: first, place: 1 },
  });
  // Coming again without it takes nothing away.
  expect(await line.join(eventId, placeOf(1))).toMatchObject({ standing: { lane: 'priority', place: 1 } });
  expect(await line.standing(eventId, placeOf(9))).toMatchObject({ lane: 'priority', place: 3 });
  expect(await line.standing(eventId, placeOf(2))).toMatchObject({ lane: 'general', place: 1, waiting: 4 });

  const draw = await fixture.room({ orderMode: 'draw', opensAtMs: (await line.nowMs()) + 60_000 });
  await line.join(draw.eventId, placeOf(1), { drawn: 77 });
  expect(await line.join(draw.eventId, placeOf(1), { drawn: 77, lane: 'priority' })).toMatchObject({
    standing: { lane: 'priority', order: 77 },
  });
});

test('[LINE-25] a missed offer and a lost session lead to the returning lane, also with an invitation; leaving and an order do not', async () => {
  const { eventId } = await fixture.room({
    claimWindowMs: limits.claimWindowMinMs,
    sessionTtlMs: limits.sessionTtlMinMs,
  });
  const [missed, lost, left, done] = [1, 2, 3, 4].map(placeOf) as [string, string, string, string];
  await joinAll(line, eventId, [1, 2, 3, 4]);
  await admit(line, eventId, 4);
  await line.claim(eventId, lost, 1);
  await line.claim(eventId, done, 1);
  await line.leave(eventId, left, 'left');
  await line.leave(eventId, done, 'ordered');
  await until(
    async () => (await line.standings(eventId, [missed, lost])).every((one) => one?.stage === 'over'),
    { what: 'both turns are over' },
  );
  const laneAfter = async (place: string, lane: 'general' | 'priority' = 'general') => {
    const { standing } = await line.join(eventId, place, { lane });
    return standing?.stage === 'waiting' && standing.lane;
  };
  expect(await laneAfter(missed, 'priority')).toBe('returning');
  expect(await laneAfter(lost)).toBe('returning');
  expect(await laneAfter(left, 'priority')).toBe('priority');
  expect(await laneAfter(done)).toBe('general');
});
