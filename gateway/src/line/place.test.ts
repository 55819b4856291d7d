import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { remember } from '../admission/memory.ts';
import { snapshotOf } from '../admission/snapshot-of.ts';
import type { Look } from './look.ts';
import { placesIn } from './place.ts';
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
    const sampledPlaces = [...places].sort((a, b) => a - b);
    const seq = 2_000;
    const samples = {
      seq,
      lane: { places: sampledPlaces, orders: sampledPlaces.map((at) => line[at - 1]!) },
    };
    return {
      line,
      seq,
      shape: { waiting: line.length, front: line.slice(0, frontPlaces), passed: 0 },
      samples,
    };
  });

test('[LINE-4] a derived place is exact in the front and never less than the true one behind it', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 2_100 }), ({ line, seq, shape, samples }, stranger) => {
      const placeOf = placesIn(seq, shape, samples);
      line.forEach((order, at) => {
        const place = placeOf(order);
        if (at < shape.front.length) expect(place).toBe(at + 1);
        else expect(place).toBeGreaterThanOrEqual(at + 1);
        expect(place).toBeLessThanOrEqual(line.length);
      });
      if (line.includes(stranger)) return;
      const place = placesIn(seq, shape, samples)(stranger);
      if (stranger > seq) expect(place).toBe('newer');
      else if (stranger <= (shape.front.at(-1) ?? 0)) expect(place).toBe('gone');
      else if (stranger > (line.at(-1) ?? 0)) expect(place).toBe('gone');
    }),
    { seed: 20261121, numRuns: runs(500, 20_000) },
  );
});

test.each([0, 1, 999, 1_000, 1_001, 1_150, 1_300, 2_002, 20_000, 60_000])(
  '[LINE-4] Redis answers a shape of fixed size for a line of %i, and places derived from it bound the true ones',
  async (length) => {
    const { eventId } = await fixture.room();
    const { general: key, last } = keysOf(prefix, eventId);
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
    const { snapshot, samples } = await knownOf(eventId, look);
    const shape = snapshot.lanes.general;
    const { places, orders: sampled } = samples.lanes.general;
    expect(shape.front).toEqual(orders.slice(0, limits.snapshotFrontPlaces));
    expect(places.length).toBeLessThanOrEqual(limits.snapshotSamples);
    if (length > limits.snapshotFrontPlaces) expect([places.at(-1), sampled.at(-1)]).toEqual([length, order]);
    places.forEach((place, at) => void expect(sampled[at]).toBe(orders[place - 1]));

    const placeIn = placesOf({ snapshot, samples });
    orders.forEach((own, at) => void expectBound(placeIn(own), at + 1));
    const newcomer = await line.join(eventId, placeOf(-1));
    if (newcomer.standing?.stage !== 'waiting') throw new Error('does not wait');
    expect(placeIn(newcomer.standing.order)).toBe('newer');
  },
);

/** What a gateway knows after a look, by the way it comes there. */
async function knownOf(eventId: string, look: Look) {
  const memory = remember(undefined, look, { reason: 'rate', stock: undefined });
  await line.putSnapshot(
    eventId,
    snapshotOf(look, { reason: 'rate', soldOut: false, stock: null, memory }),
    JSON.stringify(memory),
  );
  const { snapshot, samples } = await line.news(eventId, undefined);
  if (snapshot?.seq !== look.seq || samples === undefined) throw new Error('not what the look left');
  return { snapshot, samples };
}

const placesOf = ({ snapshot, samples }: Awaited<ReturnType<typeof knownOf>>) =>
  placesIn(snapshot.seq, snapshot.lanes.general, { seq: samples.seq, lane: samples.lanes.general });

function expectBound(place: number | 'gone' | 'newer', truth: number): void {
  expect(place).toBeGreaterThanOrEqual(truth);
  const above = (place as number) - truth;
  expect(above).toBeLessThanOrEqual(truth <= limits.snapshotFrontPlaces ? 0 : Math.max(10, truth * 0.005));
}

test('[LINE-50] between two samplings places stay within the bound, whoever is let in, leaves or joins meanwhile', async () => {
  const { eventId } = await fixture.room({ capacity: 1_000_000 });
  const { general: key, samples } = keysOf(prefix, eventId);
  const random = seeded(50);
  const waiting: number[] = [];
  let fans = 0;
  const join = async (count: number): Promise<void> => {
    const from = (await line.nowMs()) * 1_000;
    const entries = upTo(count, fans).map((fan, at) => [from + at, placeOf(fan)] as const);
    await redis.zadd(key, ...entries.flatMap(([order, place]) => [String(order), place]));
    await redis.set(keysOf(prefix, eventId).last, String(from + count));
    waiting.push(...entries.map(([order]) => order));
    fans += count;
  };
  await join(9_000);
  let samplings = 0;
  let seq = 0;
  for (const round of upTo(40)) {
    await redis.zpopmin(key, Math.floor(random() * (round % 7 === 0 ? 400 : 40)));
    const size = await redis.zcard(key);
    const rank = Math.floor(random() * size);
    if (round % 3 === 0) await redis.zremrangebyrank(key, rank, rank + (round % 2));
    await join(1 + Math.floor(random() * 20));
    const look = (await line.look(eventId, { shape: true }))!;
    const known = await knownOf(eventId, look);
    if (known.samples.seq !== seq) samplings += 1;
    seq = known.samples.seq;
    const placeIn = placesOf(known);
    const orders = (await redis.zrange(key, '0', '-1', 'WITHSCORES'))
      .filter((_, at) => at % 2 === 1)
      .map(Number);
    orders.forEach((order, at) => {
      const place = placeIn(order);
      if (place === 'newer') expect(order).toBeGreaterThan(known.samples.seq);
      else expectBound(place, at + 1);
    });
  }
  // Often enough that the bound held, and not every time.
  expect(samplings).toBeGreaterThan(3);
  expect(samplings).toBeLessThan(35);
  expect(await redis.hlen(samples)).toBeLessThanOrEqual(7);
});

test('[LINE-50] who comes to stand between others, by an invitation, while a line heals or a draw gathers, has the samples taken anew', async () => {
  const opensAtMs = Date.now() + 3_600_000;
  const { eventId } = await fixture.room();
  const draw = await fixture.room({ orderMode: 'draw', opensAtMs });
  for (const id of [eventId, draw.eventId]) {
    const from = (await line.nowMs()) * 1_000;
    const { general, priority, last } = keysOf(prefix, id);
    await redis.zadd(general, ...upTo(1_500).flatMap((fan) => [String(from + fan), placeOf(fan)]));
    await redis.zadd(
      priority,
      ...upTo(1_500).flatMap((fan) => [String(from + 1_500 + fan), placeOf(9_000 + fan)]),
    );
    await redis.set(last, String(from + 3_000));
  }
  const samplesOf = async (id: string): Promise<number> => (await line.look(id, { shape: true }))!.samplesSeq;

  const first = await samplesOf(eventId);
  expect(await samplesOf(eventId)).toBe(first);
  await line.join(eventId, placeOf(700), { lane: 'priority' });
  expect(await samplesOf(eventId)).toBeGreaterThan(first);

  const gathering = await samplesOf(draw.eventId);
  expect(await samplesOf(draw.eventId)).toBeGreaterThan(gathering);
});

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
    const known = await knownOf(eventId, look);
    const placeIn = placesOf(known);
    const standings = await line.standings(eventId, [...waiting.keys()].map(placeOf));
    [...waiting].forEach(([fan, order], at) => {
      const standing = standings[at];
      if (standing?.stage !== 'waiting') {
        waiting.delete(fan);
        return;
      }
      const place = placeIn(order);
      if (place === 'newer') {
        expect(order).toBeGreaterThan(known.samples.seq);
        return;
      }
      if (typeof place !== 'number') throw new Error(`in the line and said to be ${place}`);
      expect(place).toBeGreaterThanOrEqual(standing.place);
      const before = shown.get(fan)!;
      expect(standing.place).toBeLessThanOrEqual(before);
      shown.set(fan, Math.min(before, place));
    });
  }
  expect(waiting.size).toBeGreaterThan(500);
});
