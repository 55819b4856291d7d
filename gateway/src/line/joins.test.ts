import { createServer, connect as dial, type Socket } from 'node:net';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import type { JoinAnswer } from './joined.ts';
import { Line } from './line.ts';
import { admit, lineFixture, placeOf, upTo } from './test/fixture.ts';

const fixture = lineFixture();
const { line, redis, prefix } = fixture;
afterAll(() => fixture.close());

const keys = (eventId: string) => keysOf(prefix, eventId);

/** Orders and moments differ from one room to the other; what is left must not. */
const plain = ({ epoch: _, standing, ...told }: JoinAnswer): object => {
  const { order, offeredAtMs, claimByMs, sessionExpiresAtMs, ...where } = (standing ?? {}) as Record<
    string,
    unknown
  >;
  return { ...told, ...where };
};

/** Everything of a room but orders and moments: who stands where, and how. */
async function shapeOf(eventId: string): Promise<object> {
  const { general, priority, returning, away, back, seen, turns, batch } = keys(eventId);
  const lanes = await Promise.all(
    [general, priority, returning, back].map((lane) => redis.zrange(lane, '0', '-1')),
  );
  return {
    lanes,
    seen: (await redis.zrange(seen, '0', '-1')).sort(),
    away: (await redis.hkeys(away)).sort(),
    batch: (await redis.hkeys(batch)).sort(),
    turns: Object.fromEntries(
      Object.entries(await redis.hgetall(turns)).map(([place, entry]) => [
        place,
        entry.split(':').filter((_, at) => at !== 1 && at !== 2),
      ]),
    ),
  };
}

const FANS = 14;
const fan = fc.nat(FANS - 1);
const join = fc.record({ fan, lane: fc.constantFrom('general' as const, 'priority' as const) });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('join' as const),
      joins: fc.array(join, { minLength: 1, maxLength: 10 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('admit' as const), most: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('take' as const), most: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('claim' as const), fan }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('left' as const, 'removed' as const), fan }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('lapse' as const), fan }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('vanish' as const), fan }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test('[LINE-1] [LINE-2] [LINE-10] joins that are judged together are told, and leave, what each by itself would', async () => {
  const gathering = { orderMode: 'draw', opensAtMs: Date.now() + 3_600_000 } as const;
  const rooms = fc.constantFrom({}, { capacity: 2 }, { capacity: 0 }, { paused: true }, gathering, {
    open: false,
  });
  await fc.assert(
    fc.asyncProperty(rooms, fc.array(step, { minLength: 6, maxLength: 25 }), async (policy, steps) => {
      const [together, alone] = [await fixture.room(policy), await fixture.room(policy)];
      const drawnOf = (one: number) => (policy === gathering ? 1_000 + ((one * 7) % FANS) : undefined);
      const judge = async (eventId: string, does: Step): Promise<unknown> => {
        if (does.does === 'join') {
          const asked = does.joins.map(({ fan, lane }) => ({
            place: placeOf(fan),
            lane,
            drawn: drawnOf(fan),
          }));
          const answers: JoinAnswer[] = [];
          if (eventId === together.eventId) answers.push(...(await line.joinAll(eventId, asked)));
          else for (const one of asked) answers.push(...(await line.joinAll(eventId, [one])));
          return answers.map(plain);
        }
        if (does.does === 'admit') return (await admit(line, eventId, does.most)).length;
        if (does.does === 'take') return (await line.take(eventId, does.most, 'empty')).outcome;
        const place = placeOf(does.fan);
        if (does.does === 'claim') return (await line.claim(eventId, place, 1)).outcome;
        if (does.does === 'lapse') return redis.zrem(keys(eventId).offers, place);
        if (does.does === 'vanish') return redis.zrem(keys(eventId).seen, place);
        return line.leave(eventId, place, does.does);
      };
      for (const one of steps) {
        expect(await judge(together.eventId, one)).toEqual(await judge(alone.eventId, one));
        expect(await shapeOf(together.eventId)).toEqual(await shapeOf(alone.eventId));
      }
    }),
    { seed: 20261121, numRuns: runs(60, 600) },
  );
});

test('[LINE-2] [LINE-3] of more joins than one call judges each has the exact place, in the order in which they came', async () => {
  const { eventId } = await fixture.room({ paused: true });
  const fans = upTo(3 * limits.joinsPerScript + 7);
  const answers = await Promise.all(fans.map((one) => line.join(eventId, placeOf(one))));
  expect(answers.map(({ standing }) => standing)).toMatchObject(
    fans.map((one) => ({ stage: 'waiting', place: one + 1, waiting: one + 1, lane: 'general', turn: 1 })),
  );
  const scored = await redis.zrange(keys(eventId).general, '0', '-1', 'WITHSCORES');
  const told = answers.flatMap(({ standing }, at) =>
    standing?.stage === 'waiting' ? [placeOf(at), String(standing.order)] : [],
  );
  expect(scored).toEqual(told);
});

test('[LINE-1] joins whose answer is lost on the way are all asked again, and each fan has one place', async () => {
  const { eventId } = await fixture.room({ paused: true });
  const wire = await openWire(fixture.url);
  const asking = new Redis(wire.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  asking.on('error', () => {});
  try {
    const over = new Line(asking, prefix);
    await over.join(eventId, placeOf(0));
    wire.cutAtNextAnswer();
    const lost = await Promise.allSettled(upTo(50, 1).map((one) => over.join(eventId, placeOf(one))));
    expect(lost.every(({ status }) => status === 'rejected')).toBe(true);
  } finally {
    asking.disconnect();
    await wire.close();
  }
  const again = await Promise.all(upTo(51).map((one) => line.join(eventId, placeOf(one))));
  expect(again.map(({ outcome }) => outcome)).toEqual(upTo(51).map(() => 'there'));
  expect(again.map(({ standing }) => standing?.stage === 'waiting' && standing.place)).toEqual(upTo(51, 1));
});

/** A way to Redis that can break after a command was carried out and before its answer is there. */
async function openWire(redisUrl: string) {
  const to = new URL(redisUrl);
  let cutting = false;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(to.port), to.hostname);
    for (const end of [near, far]) {
      open.add(end);
      end.on('error', () => {});
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (cutting) near.destroy();
      else near.write(bytes);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    cutAtNextAnswer: () => {
      cutting = true;
    },
    async close() {
      for (const end of open) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
