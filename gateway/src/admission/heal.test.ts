import type { KnownTurn, Room } from '@onsale/shared/http/internal';
import { expect, test } from 'vitest';
import { admit, placeOf, upTo } from '../line/test/fixture.ts';
import {
  EVENT,
  joinMany,
  known,
  line,
  placesIn,
  redis,
  room,
  standing,
  useLostLine,
} from '../line/test/lost-line.ts';
import { heal } from './heal.ts';

useLostLine();

/** The time to gather places passes. */
const gathered = (): Promise<unknown> => redis.hset(`{heal:${EVENT}}:life`, 'healUntilMs', '1');

/** A core that tells turns two a page, and what it is asked. */
function coreWith(turns: KnownTurn[]) {
  let row = { ...room };
  return {
    asked: 0,
    beginEpoch: async (_: string, from: number): Promise<Room> => {
      if (row.epoch === from) row = { ...row, epoch: from + 1, version: row.version + 1 };
      return row;
    },
    row: () => row,
    beforePage: async (): Promise<void> => {},
    async turns(_: string, after?: string) {
      this.asked += 1;
      await this.beforePage();
      const at = after === undefined ? 0 : Number(after);
      return { turns: turns.slice(at, at + 2), next: at + 2 < turns.length ? String(at + 2) : null };
    },
  };
}

test('[LINE-37] workers that die, work at once, or lose Redis again leave a line that is healed whole', async () => {
  const tokens = await joinMany(upTo(8));
  const admitted = await admit(line, EVENT, 6);
  const core = coreWith(admitted.map((place) => known(place, 'ordered')));
  const lost: number[] = [];
  const worker = () => heal({ line, core, onLost: (_, epoch) => lost.push(epoch) }, core.row());
  await redis.flushall();
  await line.putRoom(room);

  // The core goes away in the middle: the line keeps healing.
  core.beforePage = async () => {
    if (core.asked === 2) throw new Error('away');
  };
  await expect(worker()).rejects.toThrow('away');
  expect(await line.look(EVENT, { shape: false })).toMatchObject({
    epoch: 2,
    healing: true,
    turnsKnown: false,
  });

  // Who lost it tells no more, and the line heals until somebody does when the places are gathered.
  await worker();
  expect(core.asked).toBe(2);
  await gathered();
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ healing: true, turnsKnown: false });

  // Lost again while one tells turns: what it tells is of another life.
  core.beforePage = async () => {
    if (core.asked !== 4) return;
    await redis.flushall();
    await line.putRoom(core.row());
    await line.revive(EVENT, (await core.beginEpoch(EVENT, 2)).epoch, 1, { room: core.row() });
  };
  await worker();
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ epoch: 3, turnsKnown: false });

  await line.restore(EVENT, tokens);
  core.beforePage = async () => {};
  await Promise.all([worker(), worker(), worker()]);
  expect(await line.look(EVENT, { shape: false })).toMatchObject({ epoch: 3, turnsKnown: true });
  expect(lost).toEqual([2]);
  expect(await placesIn()).toEqual([placeOf(6), placeOf(7)]);
  for (const place of admitted)
    expect(await line.standing(EVENT, place)).toMatchObject({ reason: 'ordered' });
});

test('[LINE-30] [LINE-31] a batch that was taken before the loss and recorded while the line healed does not stand in it again', async () => {
  const tokens = await joinMany(upTo(8));
  const taken = await line.take(EVENT, 3, 'empty');
  expect(taken.outcome).toBe('taken');
  expect(await standing(5)).toMatchObject({ place: 3 });
  await redis.flushall();
  await line.putRoom(room);

  const turns: KnownTurn[] = [];
  const core = coreWith(turns);
  const worker = () => heal({ line, core, onLost: () => {} }, core.row());
  await worker();
  turns.push(...upTo(3).map((fan) => known(placeOf(fan))));
  await line.restore(EVENT, tokens);
  await worker();
  expect(await standing(5)).toMatchObject({ place: 0 });
  await gathered();
  expect(await standing(5)).toMatchObject({ place: 0 });
  await worker();
  expect(await standing(5)).toMatchObject({ place: 3 });
  expect(await standing(0)).toMatchObject({ stage: 'offered' });
});
