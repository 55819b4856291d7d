import type { OperatorRoom } from '@onsale/shared/http/operator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { operatorRoomOf } from '../../src/http/operator-room.ts';
import { Calibration, type Came } from '../../src/http/view/calibration.ts';
import { type Door, EVENT, openDoor } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

/** Fans who wait for the doors to open, each with a socket that has been told what to expect. */
async function waiting(fans: number) {
  await door.setRoom({ opensAtMs: Date.now() + 60_000 });
  await door.tick();
  const joined = [];
  for (let fan = 0; fan < fans; fan += 1) joined.push(await door.join());
  await door.tick();
  const heard = joined.map(({ placeToken }) => door.listen({ v: 1, placeToken }));
  await until(() => heard.every(({ messages }) => messages.length > 0), {
    what: 'every socket has a status',
  });
  return heard.map(({ messages, socket }) => ({ first: messages[0]!, messages, socket }));
}
const told = (): ReturnType<Calibration['of']> => door.needs.calibration.of(EVENT);
const judged = (): number => {
  const waits = told()?.waits;
  return waits === undefined ? 0 : waits.inside + waits.earlier + waits.later;
};

test('[LINE-43] what each socket was told first is compared with when its turn came, and operators and metrics see it', async () => {
  const fans = await waiting(12);
  for (const { first } of fans) {
    expect(first).toMatchObject({ status: { state: 'waiting', wait: { fromMs: expect.any(Number) } } });
  }
  expect(told()).toBeNull();
  await door.setRoom({ capacity: 8 });
  await until(
    async () => {
      await door.tick();
      return judged() === 8;
    },
    { what: 'eight waits are judged, and those of nobody who still waits' },
  );
  // The doors opened a minute earlier than they had been told.
  const { waits, inside } = told()!;
  expect(waits).toEqual({ inside: 0, earlier: 8, later: 0 });
  expect(inside).toBe(0);

  const { live } = (await operatorRoomOf(await door.setRoom({ capacity: 8 }), {
    ...door.needs,
    core: { ...door.needs.core, stock: async () => Promise.reject(new Error('away')) },
  } as typeof door.needs)) as OperatorRoom;
  expect(live?.calibration?.waits).toEqual(waits);
  const text = await door.metrics.registry.metrics();
  expect(text).toMatch(new RegExp(`onsale_gateway_wait_calibration\\{event="${EVENT}"\\} ${inside}`));
  const counted = [...text.matchAll(/onsale_gateway_waits_told_total\{[^}]*\} (\d+)/g)];
  expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(8);
});

test('[LINE-43] who leaves is judged by nothing; who waits when all is sold was not let in', async () => {
  const perFan = { mean: 1, deviation: 1, fans: 100 };
  door.setStock({ total: 100, free: 3, sold: 97, perFan });
  const fans = await waiting(10);
  expect(fans[0]!.first).toMatchObject({ status: { odds: { bound: expect.any(String) } } });
  fans[9]!.socket.disconnect();
  door.setStock({ free: 0, sold: 100 });
  await until(
    async () => {
      await door.tick();
      const odds = told()?.odds ?? [];
      return odds.reduce((sum, bucket) => sum + bucket.fans, 0) === 9;
    },
    { what: 'those who wait are judged' },
  );
  expect(told()!.odds.every(({ letIn }) => letIn === 0)).toBe(true);
  expect(told()!.inside).toBeNull();
  // Told once, whatever comes back and is sold again.
  for (const free of [1, 0]) {
    door.setStock({ free, sold: 100 - free });
    await door.tick();
  }
  expect(told()!.odds.reduce((sum, bucket) => sum + bucket.fans, 0)).toBe(9);
});

test('[LINE-43] a wait is inside its range from end to end, and newer waits weigh more', () => {
  const came: Came[] = [];
  const calibration = new Calibration(
    (_, one) => came.push(one),
    () => {},
  );
  const wait = { fromMs: 10_000, middleMs: 20_000, toMs: 30_000 };
  for (const waitedMs of [9_999, 10_000, 30_000, 30_001]) {
    calibration.letIn('e', { atMs: 1_000, wait, odds: null }, 1_000 + waitedMs);
  }
  expect(came).toEqual(['earlier', 'inside', 'inside', 'later']);
  expect(calibration.of('e')).toMatchObject({ inside: expect.closeTo(0.5, 2), odds: [] });
  for (let fan = 0; fan < 20_000; fan += 1) calibration.letIn('e', { atMs: 0, wait, odds: null }, 1);
  expect(calibration.of('e')!.inside).toBeLessThan(0.001);
});
