import { describe, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import type { Remembered } from './remembered.ts';
import { admit, placeOf, seeded, upTo } from './test/fixture.ts';
import {
  allKnown,
  changeRoom,
  EVENT,
  healed,
  join,
  joinMany,
  known,
  line,
  placesIn,
  redis,
  revive,
  room,
  server,
  standing,
  useLostLine,
} from './test/lost-line.ts';

const FANS = 400;
const STRANGERS = 40;

useLostLine();

const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  const random = seeded(seed);
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
};

describe.each([
  ['emptied', () => redis.flushall()],
  ['killed and started from nothing', () => server.startEmpty()],
] as const)('a Redis that was %s', (_, lose) => {
  test('[LINE-30] gives every old place its relative order back, ahead of strangers, and nobody his turn twice', async () => {
    const tokens = await joinMany(upTo(FANS));
    const admitted = await admit(line, EVENT, 12);
    expect(admitted).toEqual(upTo(12).map(placeOf));
    const [bought, revoked, removed] = [admitted[0]!, admitted[1]!, placeOf(50)];
    await lose();

    // Nobody new may stand in a line that nobody has begun to heal, and nobody is told of one.
    expect(await line.join(EVENT, placeOf(9_000))).toMatchObject({ outcome: 'unknownRoom' });
    await line.putRoom(room);
    expect(await line.join(EVENT, placeOf(9_000))).toMatchObject({ outcome: 'lost' });
    await expect(line.standing(EVENT, placeOf(60))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await line.restore(EVENT, tokens.slice(0, 1))).toBeUndefined();

    await revive();
    // Some tokens before the turns are known and some after, some strangers between, all in any order.
    const [early, late] = [tokens.filter((_, at) => at % 3 === 0), tokens.filter((_, at) => at % 3 !== 0)];
    const strangers = upTo(STRANGERS, 10_000);
    await joinMany(strangers.slice(0, STRANGERS / 2));
    await line.restore(EVENT, shuffled(early, 1));
    const turns = [
      ...admitted.slice(2).map((place) => known(place)),
      known(bought, 'ordered'),
      known(revoked, 'revoked'),
      known(removed, 'removed', 0),
    ];
    await line.knowTurns(EVENT, 2, turns, false);
    await line.restore(EVENT, shuffled(late, 2));
    await joinMany(strangers.slice(STRANGERS / 2));
    await allKnown();

    const old = upTo(FANS).filter((fan) => fan >= 12 && fan !== 50);
    expect(await placesIn()).toEqual([...old, ...strangers].map(placeOf));
    for (const fan of [0, 1, 50]) {
      expect((await line.join(EVENT, placeOf(fan))).standing).not.toMatchObject({
        turn: 1,
        stage: 'waiting',
      });
    }
    expect(await line.join(EVENT, removed)).toMatchObject({ outcome: 'removed' });
    // Ten turns may have been claimed: their slots count.
    await healed();
    expect((await admit(line, EVENT, 500)).length).toBe(10);
    expect(await standing(12)).toMatchObject({ stage: 'offered', turn: 1 });
    expect(await standing(22)).toMatchObject({ stage: 'waiting', place: 1 });
  });
});

test('[LINE-31] nobody is admitted or told a place while the line heals, and it heals until all turns are known', async () => {
  const tokens = await joinMany(upTo(20));
  await redis.flushall();
  await revive();
  await line.restore(EVENT, tokens.slice(10));
  expect(await standing(10)).toMatchObject({ stage: 'waiting', place: 0 });
  expect((await line.join(EVENT, placeOf(11))).standing).toMatchObject({ place: 0 });
  expect(await line.take(EVENT, 5, 'empty')).toEqual({ outcome: 'none', reason: 'healing' });
  await line.restore(EVENT, tokens.slice(0, 10));
  await allKnown();
  await healed();
  expect(await standing(10)).toMatchObject({ place: 11 });
  expect(await admit(line, EVENT, 3)).toEqual(upTo(3).map(placeOf));
});

test('[LINE-32] of two orders of one place the smaller is his, also when he rejoined without his token', async () => {
  const tokens = await joinMany(upTo(10));
  await redis.flushall();
  await revive();
  // By cookie, in another tab: the same place, at the end of a new line.
  await join(4);
  await line.restore(EVENT, tokens);
  expect(await placesIn()).toEqual(upTo(10).map(placeOf));
  await allKnown();
  await healed();
  // A token of the life before, after he left in this one, brings nothing back.
  expect(await line.leave(EVENT, placeOf(4), 'left')).toBe(true);
  await line.restore(EVENT, tokens);
  expect(await placesIn()).toEqual(
    upTo(10)
      .filter((fan) => fan !== 4)
      .map(placeOf),
  );
  // Unless he joins again: then at the end.
  await join(4);
  await line.restore(EVENT, tokens);
  expect((await placesIn()).at(-1)).toBe(placeOf(4));
});

test('[LINE-33] who comes after the healing moves no shown place back, and goes out in his order', async () => {
  const tokens = await joinMany(upTo(10));
  await redis.flushall();
  await revive();
  await line.restore(
    EVENT,
    tokens.filter((_, at) => at !== 6),
  );
  await allKnown();
  await healed();
  await join(99);
  const shown = await Promise.all(upTo(10).map(standing));
  await line.restore(EVENT, [tokens[6]!]);
  const after = await Promise.all(upTo(10).map(standing));
  expect(after.filter((_, at) => at !== 6)).toMatchObject(
    shown.filter((_, at) => at !== 6).map((was) => ({ place: (was as { place: number }).place })),
  );
  expect(after[6]).toMatchObject({ stage: 'waiting', away: true, place: 7 });

  const order: string[] = [];
  for (let at = 0; at < 11; at += 1) {
    await line.seen(EVENT, [...upTo(10), 99].map(placeOf));
    order.push(...(await admit(line, EVENT, 1)));
  }
  expect(order).toEqual([...upTo(10), 99].map(placeOf));
});

test('[LINE-34] an offer stands until its window is over, and only its pass or its session opens it', async () => {
  await joinMany(upTo(4));
  const [watched, silent, shopping, lapsed] = (await admit(line, EVENT, 4)) as [
    string,
    string,
    string,
    string,
  ];
  const offered = (await line.standing(EVENT, watched))!;
  const session = (await line.claim(EVENT, shopping, 1)).shopping!;
  await redis.flushall();
  await revive();
  await allKnown(
    [watched, silent, shopping, lapsed].map((place) =>
      known(place, 'claimed', 1, place === lapsed ? -1 : 60_000),
    ),
  );
  await healed();

  // Not known whether he claimed: his offer stands, his slot counts, the pass gives him a session.
  expect(await line.standing(EVENT, silent)).toMatchObject({ stage: 'offered', turn: 1 });
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ sessions: 4, offers: 0 });
  expect(await line.claim(EVENT, silent, 1, undefined, Date.now() - 1)).toEqual({ outcome: 'lapsed' });
  expect(await line.claim(EVENT, silent, 1, undefined, Date.now() + 5_000)).toMatchObject({
    outcome: 'claimed',
  });
  // His window is over: no offer, no session, but whoever has a session shows it.
  expect(await line.standing(EVENT, lapsed)).toEqual({ stage: 'over', turn: 1, reason: 'lapsed' });
  expect(await line.claim(EVENT, lapsed, 1, undefined, Date.now() - 1)).toEqual({ outcome: 'lapsed' });
  const token = { place: shopping, turn: 1, expiresAtMs: session.sessionExpiresAtMs };
  expect(await line.sessionCounts(EVENT, token)).toBe(true);
  expect(await line.standing(EVENT, shopping)).toMatchObject(session);
  // A gateway that had read the offer for a socket brings it back as it was.
  await line.restore(EVENT, [{ ...offered, place: watched, epoch: 1 } as Remembered]);
  expect(await line.standing(EVENT, watched)).toEqual(offered);
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ sessions: 3, offers: 1 });
  // Joining again gives an unclaimed turn up.
  expect((await line.join(EVENT, lapsed)).standing).toMatchObject({
    stage: 'waiting',
    lane: 'returning',
    turn: 2,
  });
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ sessions: 2, offers: 1 });
});

test('[LINE-7] [LINE-34] who leaves after a loss frees his slot, though the core alone knows his turn and its window is over', async () => {
  await joinMany(upTo(2));
  await admit(line, EVENT, 1);
  await line.claim(EVENT, placeOf(0), 1);
  await redis.flushall();
  await line.putRoom(room);
  await revive();
  await allKnown([known(placeOf(0), 'claimed', 1, -1)]);
  await healed();
  const sessions = async () => (await line.look(EVENT, { shape: false }))?.sessions;
  expect(await sessions()).toBe(1);
  expect(await line.leave(EVENT, placeOf(0), 'left')).toBe(true);
  expect(await sessions()).toBe(0);
  expect(await standing(0)).toEqual({ stage: 'over', turn: 1, reason: 'left' });
  expect(await line.leave(EVENT, placeOf(0), 'left')).toBe(false);
});

test('[LINE-34] who waits for his second turn keeps his place, whatever comes first', async () => {
  await line.putRoom(changeRoom({ claimWindowMs: 1_000 }));
  await join(1);
  await join(2);
  await admit(line, EVENT, 2);
  await until(async () => (await standing(2))?.stage === 'over', { what: 'two missed offers' });
  const tokens = await joinMany([1, 2]);
  expect(tokens).toMatchObject([
    { lane: 'returning', turn: 2 },
    { lane: 'returning', turn: 2 },
  ]);
  await redis.flushall();
  await revive();
  await line.restore(EVENT, tokens.slice(0, 1));
  await line.knowTurns(EVENT, 2, [known(placeOf(1)), known(placeOf(2))], false);
  await line.restore(EVENT, tokens);
  await allKnown();
  await healed();
  expect(await placesIn('returning')).toEqual([placeOf(1), placeOf(2)]);
  // Neither has a slot of his first turn any more.
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ sessions: 0, offers: 0 });
  const taken = await line.take(EVENT, 2, 'empty');
  expect(taken).toMatchObject({ batch: { places: [{ turn: 2 }, { turn: 2 }] } });
});

test('[LINE-35] a Redis that is older than the loss ends what ended since, and offers no recorded batch again', async () => {
  const tokens = await joinMany(upTo(12));
  await admit(line, EVENT, 2);
  await line.claim(EVENT, placeOf(0), 1);
  const taken = await line.take(EVENT, 3, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await redis.config('SET', 'appendfsync', 'always');
  await redis.set('marker', '1');
  server.keep();
  // Since then the batch was offered, one bought, one came, one more went.
  await line.offer(EVENT, taken.batch);
  await line.leave(EVENT, placeOf(0), 'ordered');
  await join(500);
  await line.leave(EVENT, placeOf(5), 'removed');
  await server.startFromKept();
  expect(await until(() => redis.get('marker'), { what: 'the older Redis' })).toBe('1');

  await expect(standing(6)).rejects.toMatchObject({ code: 'unavailable' });
  await revive();
  expect(await line.offer(EVENT, taken.batch)).toBe('held');
  await allKnown([
    known(placeOf(0), 'ordered'),
    known(placeOf(1)),
    ...upTo(3, 2).map((fan) => known(placeOf(fan), fan === 2 ? 'ordered' : 'claimed')),
    known(placeOf(5), 'removed', 0),
  ]);
  await line.restore(EVENT, tokens);
  await healed();
  expect(await line.offer(EVENT, taken.batch)).toBe('over');
  expect(await standing(0)).toEqual({ stage: 'over', turn: 1, reason: 'ordered' });
  expect(await standing(2)).toEqual({ stage: 'over', turn: 1, reason: 'ordered' });
  expect(await standing(3)).toMatchObject({ stage: 'offered', turn: 1 });
  expect(await placesIn()).toEqual(upTo(6, 6).map(placeOf));
});

test('[LINE-35] an unrecorded batch of a Redis that was restarted is finished once the line has healed', async () => {
  await joinMany(upTo(5));
  const taken = await line.take(EVENT, 2, 'empty');
  if (taken.outcome !== 'taken') throw new Error('nobody was taken');
  await redis.config('SET', 'appendfsync', 'always');
  await line.leave(EVENT, placeOf(4), 'left');
  await server.kill();
  await server.start();
  await until(() => redis.ping(), { what: 'the restarted Redis' });
  await revive();
  expect(await line.offer(EVENT, taken.batch)).toBe('held');
  await allKnown();
  await healed();
  expect(await line.take(EVENT, 9, 'empty')).toMatchObject({ outcome: 'pending', batch: taken.batch });
  expect(await line.offer(EVENT, taken.batch)).toBe('offered');
  expect(await placesIn()).toEqual([placeOf(2), placeOf(3)]);
});

test('[LINE-36] a clock that stands behind puts no newcomer before an older token', async () => {
  const tokens = await joinMany(upTo(3));
  const ahead = tokens.map((token) => ({
    ...token,
    order: (token as { order: number }).order + 3_600_000_000,
  }));
  await redis.flushall();
  await line.putRoom(room);
  await line.revive(EVENT, 2, 1, {
    room: changeRoom({ epoch: 2 }),
    floor: Date.now() * 1_000 + 7_200_000_000,
  });
  await join(10);
  await line.restore(EVENT, ahead as Remembered[]);
  await join(11);
  expect(await placesIn()).toEqual([0, 1, 2, 10, 11].map(placeOf));
});
