import { createHash } from 'node:crypto';
import { commitmentOf, DRAWN_BITS, drawnNumberOf, isDrawn } from '@onsale/shared/draw';
import type { Room } from '@onsale/shared/http/internal';
import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { ownRedis } from '../../../test/own-redis.ts';
import { until } from '../../../test/until.ts';
import { Line } from './line.ts';
import { lineFixture, placeOf, roomOf, seeded, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line } = fixture;
afterAll(() => fixture.close());

const seedOf = (n: number): string => createHash('sha256').update(`seed ${n}`).digest('hex');
const hour = 3_600_000;

async function draw(seed: string, opensInMs = hour): Promise<Room> {
  const opensAtMs = (await line.nowMs()) + opensInMs;
  return fixture.room({
    orderMode: 'draw',
    opensAtMs,
    seed,
    commitment: commitmentOf(seed),
    capacity: 1_000_000,
  });
}
const join = ({ eventId, seed }: Room, fan: number) =>
  line.join(eventId, placeOf(fan), { drawn: drawnNumberOf(seed, placeOf(fan)) });
/** Opens the doors now, as an operator who brings the moment forward. */
const open = async (room: Room, version = 2): Promise<void> =>
  line.putRoom({ ...room, version, opensAtMs: await line.nowMs() });
const orderOf = async ({ eventId }: Room, fan: number): Promise<number> => {
  const standing = await line.standing(eventId, placeOf(fan));
  if (standing?.stage !== 'waiting') throw new Error('does not wait');
  return standing.order;
};
/** Fans in the order in which they are let in. */
async function drawn(room: Room, fans: readonly number[]): Promise<number[]> {
  const taken = await line.take(room.eventId, fans.length, 'empty');
  if (taken.outcome !== 'taken') throw new Error(`nobody was taken: ${taken.outcome}`);
  const fanOf = new Map(fans.map((fan) => [placeOf(fan), fan]));
  return taken.batch.places.map(({ place }) => fanOf.get(place)!);
}

test('[LINE-20] over many draws each fan is drawn to each place alike, whenever and however often he joined', async () => {
  const fans = upTo(8);
  const draws = runs(300, 5_000);
  const cells = fans.map(() => fans.map(() => 0));
  async function runDraw(n: number): Promise<void> {
    const room = await draw(seedOf(n));
    // Fan 0 always comes first, and fan 1 leaves and comes again and again.
    for (const fan of fans) await join(room, fan);
    for (let again = 0; again < 3; again += 1) {
      const before = await orderOf(room, 1);
      expect((await join(room, 1)).outcome).toBe('there');
      await line.leave(room.eventId, placeOf(1), 'left');
      await join(room, 1);
      expect(await orderOf(room, 1)).toBe(before);
    }
    await open(room);
    for (const [at, fan] of (await drawn(room, fans)).entries()) cells[fan]![at]! += 1;
  }
  // Rooms of their own: side by side they wait less.
  for (let from = 0; from < draws; from += 25) await Promise.all(upTo(25, from).map(runDraw));
  // Chi-square of the whole table, 49 degrees of freedom: above 94.6 once in 10,000 times; the seeds are fixed.
  const expected = draws / fans.length;
  const square = cells.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(square).toBeLessThan(94.6);
  // And it is no list of the same order over and over.
  expect(square).toBeGreaterThan(20);
  for (const fan of [0, 1]) {
    const mean = cells[fan]!.reduce((sum, count, at) => sum + count * (at + 1), 0) / draws;
    expect(Math.abs(mean - 4.5)).toBeLessThan(4 * (2.29 / Math.sqrt(draws)));
  }
}, 120_000);

test('[LINE-20] who comes when the doors are open stands behind everyone who was drawn, and they go by arrival', async () => {
  const room = await draw(seedOf(1));
  const early = upTo(200);
  await Promise.all(early.map((fan) => join(room, fan)));
  await open(room);
  const late = [900, 901, 902];
  for (const fan of late) await join(room, fan);
  const order = await drawn(room, [...early, ...late]);
  expect(order.slice(-3)).toEqual(late);
  const byNumber = [...early].sort(
    (a, b) => drawnNumberOf(room.seed, placeOf(a)) - drawnNumberOf(room.seed, placeOf(b)),
  );
  expect(order.slice(0, -3)).toEqual(byNumber);
});

test('[LINE-20] the moment of opening divides: a join that Redis sees before it is drawn, one after it is not', async () => {
  const room = await draw(seedOf(2), 300);
  const fans: number[] = [];
  await until(
    async () => {
      fans.push(fans.length);
      await join(room, fans.length - 1);
      return !isDrawn(await orderOf(room, fans.length - 1));
    },
    { what: 'a join comes too late to be drawn' },
  );
  expect(await line.nowMs()).toBeGreaterThanOrEqual(room.opensAtMs!);
  const orders = await Promise.all(fans.map((fan) => orderOf(room, fan)));
  expect(orders.slice(0, -1).every((order, at) => order === drawnNumberOf(room.seed, placeOf(at)))).toBe(
    true,
  );
  expect(orders.length).toBeGreaterThan(2);
});

test('[LINE-20] of two who drew the same number the smaller place id stands first, in every answer', async () => {
  const room = await draw(seedOf(3));
  const fans = upTo(20);
  await Promise.all(fans.map((fan) => line.join(room.eventId, placeOf(fan), { drawn: 5 })));
  const byId = [...fans].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const standings = await line.standings(room.eventId, byId.map(placeOf));
  expect(standings.map((one) => one?.stage === 'waiting' && one.place)).toEqual(upTo(20, 1));
  await open(room);
  // A batch is listed by order alone: one at a time they can only go as they stand.
  for (const fan of byId.slice(0, 5)) {
    const taken = await line.take(room.eventId, 1, 'empty');
    if (taken.outcome !== 'taken') throw new Error(taken.outcome);
    expect(taken.batch.places.map(({ place }) => place)).toEqual([placeOf(fan)]);
    await line.offer(room.eventId, taken.batch);
  }
});

test('[LINE-20] numbers are below everyone who comes by the clock, and every bit of them is drawn', () => {
  const random = seeded(20);
  const numbers = upTo(4_000).map(() => drawnNumberOf(seedOf(4), placeOf(Math.floor(random() * 1e9))));
  expect(
    numbers.every((number) => Number.isSafeInteger(number) && number >= 0 && number < 2 ** DRAWN_BITS),
  ).toBe(true);
  for (let bit = 0; bit < DRAWN_BITS; bit += 1) {
    const set = numbers.filter((number) => (BigInt(number) >> BigInt(bit)) & 1n).length;
    expect(Math.abs(set - 2_000), `bit ${bit}`).toBeLessThan(5 * Math.sqrt(1_000));
  }
});

test('[LINE-20] opening a draw is one change of state, whatever the number of places: not a command more than of ten', async () => {
  // A Redis of its own: its commands are counted.
  const own = await ownRedis();
  const connection = new Redis(own.url);
  const theLine = new Line(connection, 'own');
  const calls = async (act: () => Promise<unknown>): Promise<number> => {
    await connection.config('RESETSTAT');
    await act();
    const stats = await connection.info('commandstats');
    const counts = [...stats.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)];
    return counts
      .filter(([, name]) => name !== 'info' && name !== 'config|resetstat')
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  };
  const ofOpening = async (size: number) => {
    const opensAtMs = (await theLine.nowMs()) + hour;
    const room = roomOf(`draw-of-${size}-${opensAtMs}`, { orderMode: 'draw', opensAtMs });
    await theLine.putRoom(room);
    await theLine.revive(room.eventId, room.epoch, 0);
    const { general } = keysOf('own', room.eventId);
    const random = seeded(size);
    for (let from = 0; from < size; from += 5_000) {
      const some = upTo(Math.min(5_000, size - from), from);
      await connection.zadd(
        general,
        ...some.flatMap((n) => [String(Math.floor(random() * 2 ** DRAWN_BITS)), String(n).padStart(22, '0')]),
      );
    }
    const look = () => theLine.look(room.eventId, { shape: true });
    const before = await calls(look);
    const opened = { ...room, version: 2, opensAtMs: await theLine.nowMs() };
    const opening = await calls(() => theLine.putRoom(opened));
    const after = await calls(look);
    const [first] = await connection.zrange(general, '0', '0');
    await theLine.seen(room.eventId, [first!]);
    const taken = await theLine.take(room.eventId, 1, 'empty');
    expect(taken.outcome === 'taken' && taken.batch.places.map(({ place }) => place)).toEqual([first]);
    expect(await connection.zcard(general)).toBe(size - 1);
    return { opening, look: after - before };
  };
  try {
    // The scripts are known to Redis from here on.
    await ofOpening(10);
    expect(await ofOpening(runs(100_000, 1_000_000))).toEqual(await ofOpening(10));
  } finally {
    connection.disconnect();
    await own.stop();
  }
}, 120_000);
