import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { admit, joinAll, lineFixture, placeOf, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
afterAll(() => fixture.close());

const keys = (eventId: string) => keysOf(prefix, eventId);
/** As if these fans had last been seen long ago: time is Redis's, and does not wait for a test. */
const vanish = async (eventId: string, fans: readonly number[]): Promise<void> => {
  if (fans.length > 0) await redis.zrem(keys(eventId).seen, ...fans.map(placeOf));
};
const seen = (eventId: string, fans: readonly number[]) => line.seen(eventId, fans.map(placeOf));

/** One lane as it should be: who waits in which order, who is there, who was passed over, and who of them is back. */
class Model {
  readonly #order: number[] = [];
  readonly #there = new Set<number>();
  readonly #away = new Set<number>();
  readonly #back = new Set<number>();

  join(fan: number): void {
    if (!this.#order.includes(fan)) this.#order.push(fan);
    this.seen(fan);
  }
  seen(fan: number): void {
    if (!this.#order.includes(fan)) return;
    this.#there.add(fan);
    if (this.#away.has(fan)) this.#back.add(fan);
  }
  vanish(fan: number): void {
    this.#there.delete(fan);
  }
  leave(fan: number): void {
    this.#forget(fan);
  }
  /** @returns who goes, those first who were passed over and are back */
  take(wish: number): number[] {
    const gone: number[] = [];
    const goes = (fan: number): void => {
      gone.push(fan);
      this.#forget(fan);
    };
    // No more than there are in the lane or back.
    let count = Math.min(wish, this.#order.filter((fan) => !this.#away.has(fan)).length + this.#back.size);
    for (const fan of this.#order.filter((one) => this.#back.has(one))) {
      if (count === 0) return gone;
      this.#back.delete(fan);
      if (!this.#there.has(fan)) continue;
      goes(fan);
      count -= 1;
    }
    for (const fan of this.#order.filter((one) => !this.#away.has(one))) {
      if (count === 0) return gone;
      if (this.#there.has(fan)) {
        goes(fan);
        count -= 1;
      } else this.#away.add(fan);
    }
    return gone;
  }
  get away(): number[] {
    return [...this.#away].sort((a, b) => a - b);
  }
  get waiting(): number {
    return this.#order.length;
  }
  #forget(fan: number): void {
    for (const set of [this.#there, this.#away, this.#back]) set.delete(fan);
    const at = this.#order.indexOf(fan);
    if (at >= 0) this.#order.splice(at, 1);
  }
}

const FANS = 30;
const fan = fc.nat(FANS - 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('join' as const), fan }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('vanish' as const), fan }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('seen' as const), fan }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), fan }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('take' as const), fan: fc.integer({ min: 1, max: 8 }) }),
  },
);

test('[ADM-21] whatever fans do, the absent are passed over and the present go as a plain model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
      const { eventId } = await fixture.room({ capacity: 100_000 });
      const model = new Model();
      const admitted = new Set<number>();
      for (const { does, fan: one } of steps) {
        // Who was let in plays no further part: his turns are another rule's.
        if (does !== 'take' && admitted.has(one)) continue;
        if (does === 'join') await line.join(eventId, placeOf(one));
        else if (does === 'vanish') await vanish(eventId, [one]);
        else if (does === 'seen') await seen(eventId, [one]);
        else if (does === 'leave') await line.leave(eventId, placeOf(one), 'left');
        else {
          const goes = model.take(one);
          expect((await admit(line, eventId, one)).sort()).toEqual(goes.map(placeOf).sort());
          for (const gone of goes) admitted.add(gone);
          continue;
        }
        model[does](one);
      }
      expect((await redis.hkeys(keys(eventId).away)).sort()).toEqual(model.away.map(placeOf).sort());
      const look = (await line.look(eventId, { shape: false }))!;
      expect(look.inLanes + look.away).toBe(model.waiting);
      // Once everyone is there again, all who wait go, in their order, each once.
      const last = upTo(FANS).filter((one) => !admitted.has(one));
      await seen(eventId, last);
      for (const one of last) model.seen(one);
      const rest = [...model.take(FANS), ...model.take(FANS)];
      expect([...(await admit(line, eventId, FANS)), ...(await admit(line, eventId, FANS))].sort()).toEqual(
        rest.map(placeOf).sort(),
      );
      expect(await line.look(eventId, { shape: false })).toMatchObject({ inLanes: 0, away: 0 });
    }),
    { seed: 20261121, numRuns: runs(100, 600) },
  );
});

test('[ADM-20] the absent are passed over once, take no slot, keep their order, and go out first when they are back', async () => {
  const { eventId } = await fixture.room({ capacity: 4 });
  await joinAll(line, eventId, upTo(10));
  await vanish(eventId, [0, 1, 2, 5]);
  expect(await admit(line, eventId, 4)).toEqual([3, 4, 6, 7].map(placeOf));
  expect(await line.look(eventId, { shape: false })).toMatchObject({ offers: 4, away: 4, inLanes: 2 });
  const passedOver = await line.standing(eventId, placeOf(1));
  expect(passedOver).toMatchObject({ stage: 'waiting', away: true, place: 1, turn: 1 });

  // Back in another order than they stand: they go by the order they had, before all others.
  await seen(eventId, [5]);
  await seen(eventId, [1]);
  for (const one of [3, 4, 6]) await line.leave(eventId, placeOf(one), 'left');
  const taken = await line.take(eventId, 9, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  expect(taken.batch.places.map(({ place, back }) => [place, back])).toEqual([
    [placeOf(1), true],
    [placeOf(5), true],
    [placeOf(8), false],
  ]);
  await line.offer(eventId, taken.batch);
  // Who left while he was passed over is nowhere, and does not come back by being seen.
  expect(await line.leave(eventId, placeOf(0), 'left')).toBe(true);
  expect(await seen(eventId, [0])).toBe(0);
  expect(await line.standing(eventId, placeOf(0))).toBeUndefined();
});

test('[ADM-20] a room whose fans are all gone lets nobody in, says why, and goes on as soon as one is there', async () => {
  const { eventId } = await fixture.room();
  await joinAll(line, eventId, upTo(1_200));
  await vanish(eventId, upTo(1_200));
  // So many are passed over by one take at most; nobody is taken, and no credit is spent.
  expect(await line.take(eventId, 500, 'empty')).toEqual({ outcome: 'none', reason: 'away' });
  expect(await line.look(eventId, { shape: false })).toMatchObject({
    away: limits.passedOverMax,
    inLanes: 200,
  });
  expect(await line.take(eventId, 500, 'empty')).toEqual({ outcome: 'none', reason: 'away' });
  expect(await line.take(eventId, 500, 'empty')).toEqual({ outcome: 'none', reason: 'away' });
  expect(await line.look(eventId, { shape: false })).toMatchObject({ away: 1_200, inLanes: 0, offers: 0 });
  await seen(eventId, [777]);
  expect(await admit(line, eventId, 500)).toEqual([placeOf(777)]);
});

test('[ADM-20] a fan who flickers is let in once, at the first take that finds him there', async () => {
  const { eventId } = await fixture.room();
  await joinAll(line, eventId, [1, 2]);
  for (let round = 0; round < 5; round += 1) {
    await vanish(eventId, [1]);
    expect(await admit(line, eventId, 1)).toEqual(round === 0 ? [placeOf(2)] : []);
    await seen(eventId, [1]);
    await vanish(eventId, [1]);
    expect(await admit(line, eventId, 1)).toEqual([]);
    // Seen, and gone before the take: he is asked about again only when he is seen again.
    expect(await redis.zcard(keys(eventId).back)).toBe(0);
  }
  await seen(eventId, [1]);
  expect(await admit(line, eventId, 1)).toEqual([placeOf(1)]);
  expect(await admit(line, eventId, 1)).toEqual([]);
});

test('[ADM-21] presence takes a fixed amount of Redis: the fronts of the lanes and of those who are back', async () => {
  const { eventId } = await fixture.room({ ratePerMinute: 60_000, capacity: 100_000 });
  const all = upTo(2 * limits.presencePlaces + 1_000);
  await joinAll(line, eventId, all);
  const count = () => redis.zcard(keys(eventId).seen);
  expect(await count()).toBe(limits.presencePlaces);
  await seen(eventId, all);
  expect(await count()).toBe(limits.presencePlaces);

  await redis.del(keys(eventId).seen);
  for (let takes = 0; takes < 6; takes += 1) await line.take(eventId, 500, 'empty');
  expect(await line.look(eventId, { shape: false })).toMatchObject({ away: 6 * limits.passedOverMax });
  await seen(eventId, all);
  expect(await redis.zcard(keys(eventId).back)).toBe(6 * limits.passedOverMax);
  expect(await count()).toBe(2 * limits.presencePlaces);

  // What a draw's joins pushed out of the front again: a take leaves no more than the fronts.
  const strays = upTo(5 * limits.presencePlaces, 1_000_000).flatMap((one) => [
    Date.now() - 1_000,
    placeOf(one),
  ]);
  await redis.zadd(keys(eventId).seen, ...strays);
  await line.take(eventId, 0, 'empty');
  expect(await count()).toBe(4 * limits.presencePlaces);
});

test('[ADM-21] where the rate lets in more than the front in a few seconds, the front is deeper', async () => {
  const room = await fixture.room({ ratePerMinute: 60_000 });
  const { eventId } = room;
  const all = upTo(limits.presencePlaces + 2_000);
  await joinAll(line, eventId, all);
  const deep = all.at(-1)!;
  const isKept = async () => (await redis.zscore(keys(eventId).seen, placeOf(deep))) !== null;
  await seen(eventId, [deep]);
  expect(await isKept()).toBe(false);
  expect((await line.look(eventId, { shape: true }))!.lanes.general.presentUpTo).not.toBeNull();

  await line.putRoom({ ...room, version: 2, ratePerMinute: limits.ratePerMinuteMax });
  await seen(eventId, [deep]);
  expect(await isKept()).toBe(true);
  expect((await line.look(eventId, { shape: true }))!.lanes.general.presentUpTo).toBeNull();
});
