import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Snapshot } from '@onsale/shared/snapshot';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { snapshotOf } from '../admission/snapshot-of.ts';
import { placeFrom } from './place.ts';
import { lineFixture, placeOf, seeded, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
afterAll(() => fixture.close());

/** Orders of a line, ascending, and where an exact front ends and samples are read. */
const shapes = fc
  .record({
    orders: fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { maxLength: 120 }),
    frontPlaces: fc.integer({ min: 1, max: 40 }),
    sampled: fc.array(fc.nat(120), { maxLength: 12 }),
  })
  .map(({ orders, frontPlaces, sampled }) => {
    const line = [...orders].sort((a, b) => a - b);
    const places = new Set([...sampled, line.length].filter((at) => at > frontPlaces && at <= line.length));
    const samples = [...places].sort((a, b) => a - b).map((at) => [at, line[at - 1]!] as [number, number]);
    const seq = 2_000;
    return { line, snapshot: { seq, front: line.slice(0, frontPlaces), samples } as unknown as Snapshot };
  });

test('[LINE-4] a derived place is exact in the front and never less than the true one behind it', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 2_100 }), ({ line, snapshot }, stranger) => {
      line.forEach((order, at) => {
        const place = placeFrom(snapshot, order);
        if (at < snapshot.front.length) expect(place).toBe(at + 1);
        else expect(place).toBeGreaterThanOrEqual(at + 1);
        expect(place).toBeLessThanOrEqual(line.length);
      });
      if (line.includes(stranger)) return;
      const place = placeFrom(snapshot, stranger);
      if (stranger > snapshot.seq) expect(place).toBe('newer');
      else if (stranger <= (snapshot.front.at(-1) ?? 0)) expect(place).toBe('gone');
      else if (stranger > (line.at(-1) ?? 0)) expect(place).toBe('gone');
    }),
    { seed: 20261121, numRuns: runs(500, 20_000) },
  );
});

test.each([0, 1, 999, 1_000, 1_001, 1_150, 1_300, 2_002, 20_000])(
  '[LINE-4] Redis answers a shape of fixed size for a line of %i, and places derived from it bound the true ones',
  async (length) => {
    const { eventId } = await fixture.room();
    const { line: key, last } = keysOf(prefix, eventId);
    const random = seeded(length + 7);
    const orders: number[] = [];
    let order = (await line.nowMs()) * 1_000 - 1_000_000_000;
    const writes = redis.pipeline();
    for (const fan of upTo(length)) {
      order += 1 + Math.floor(random() * 40_000);
      orders.push(order);
      writes.zadd(key, String(order), placeOf(fan));
    }
    await writes.exec();
    await redis.set(last, String(order));

    const look = (await line.look(eventId, { shape: true }))!;
    expect(look.front).toEqual(orders.slice(0, limits.snapshotFrontPlaces));
    expect(look.samples.length).toBeLessThanOrEqual(limits.snapshotSamples);
    if (length > limits.snapshotFrontPlaces) expect(look.samples.at(-1)).toEqual([length, order]);
    for (const [place, sampled] of look.samples) expect(sampled).toBe(orders[place - 1]);

    const snapshot = snapshotOf(look, { reason: 'rate', soldOut: false });
    orders.forEach((own, at) => {
      const place = placeFrom(snapshot, own);
      expect(place).toBeGreaterThanOrEqual(at + 1);
      expect(place).toBeLessThanOrEqual(Math.ceil((at + 1) * 1.03));
    });
    const newcomer = await line.join(eventId, placeOf(-1));
    expect(newcomer.standing?.stage === 'waiting' && placeFrom(snapshot, newcomer.standing.order)).toBe(
      'newer',
    );
  },
);

test('[LINE-4] through joins, leaving and admissions no derived place is less than the true one, and the least seen never grows', async () => {
  const { eventId } = await fixture.room({ capacity: 100_000 });
  const random = seeded(4);
  const shown = new Map<number, number>();
  let fans = 0;
  const waiting = new Map<number, number>();
  for (const round of upTo(12)) {
    for (const fan of upTo(200 + round * 10, fans)) {
      const { standing } = await line.join(eventId, placeOf(fan));
      if (standing?.stage !== 'waiting') throw new Error('does not wait');
      waiting.set(fan, standing.order);
      shown.set(fan, standing.place);
    }
    fans += 200 + round * 10;
    for (const fan of [...waiting.keys()].filter(() => random() < 0.1)) {
      await line.leave(eventId, placeOf(fan), 'left');
      waiting.delete(fan);
    }
    const taken = await line.take(eventId, Math.floor(random() * 90), 'empty');
    if (taken.outcome === 'taken') await line.offer(eventId, taken.batch);

    const look = (await line.look(eventId, { shape: true }))!;
    const snapshot = snapshotOf(look, { reason: 'rate', soldOut: false });
    const standings = await line.standings(eventId, [...waiting.keys()].map(placeOf));
    [...waiting].forEach(([fan, order], at) => {
      const standing = standings[at];
      if (standing?.stage !== 'waiting') {
        waiting.delete(fan);
        return;
      }
      const place = placeFrom(snapshot, order);
      if (typeof place !== 'number') throw new Error(`in the line and said to be ${place}`);
      expect(place).toBeGreaterThanOrEqual(standing.place);
      const before = shown.get(fan)!;
      expect(standing.place).toBeLessThanOrEqual(before);
      shown.set(fan, Math.min(before, place));
    });
  }
  expect(waiting.size).toBeGreaterThan(500);
});
