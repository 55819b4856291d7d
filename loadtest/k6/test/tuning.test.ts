import type { AdmittedBatch } from '@onsale/shared/http/admissions';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { OperatorHold } from '@onsale/shared/http/operator-holds';
import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as desk from '../lib/desk.ts';
import { beyondCapacity, kept, type Stretch, windowsOf } from '../lib/tuning/windows.ts';

const looking = { windowMs: 4_000, stepMs: 500 };
const stretch: Stretch = { ratePerMinute: 600, paused: false, fromMs: 1_000, untilMs: 11_000 };

/** So many every 200 ms, from a moment to another. */
const ticks = (fans: number, fromMs: number, untilMs: number) =>
  Array.from({ length: Math.floor((untilMs - fromMs) / 200) }, (_, tick) => ({
    atMs: fromMs + tick * 200,
    fans,
  }));
const judged = (of: Stretch, admitted: ReturnType<typeof ticks>) => {
  const windows = windowsOf(of, admitted, looking);
  expect(windows.length).toBeGreaterThan(5);
  return windows.every(kept);
};

test('[RUN-45] admissions that follow the policy in force are within its windows, as ticks make them; others are not', () => {
  expect(judged(stretch, ticks(2, 0, 20_000))).toBe(true);
  // One tick is late by half a second, and makes up for it.
  const late = ticks(2, 0, 20_000).map((one) =>
    one.atMs > 4_000 && one.atMs < 4_500 ? { ...one, atMs: 4_500 } : one,
  );
  expect(judged(stretch, late)).toBe(true);

  // The rate of before goes on, half of it, twice of it; a burst; nobody for a second.
  expect(judged(stretch, ticks(1, 0, 20_000))).toBe(false);
  expect(judged(stretch, ticks(3, 0, 20_000))).toBe(false);
  expect(judged(stretch, [...ticks(2, 0, 20_000), { atMs: 5_000, fans: 8 }])).toBe(false);
  expect(
    judged(
      stretch,
      ticks(2, 0, 20_000).filter(({ atMs }) => atMs < 4_000 || atMs > 6_000),
    ),
  ).toBe(false);
});

test('[RUN-45] a pause lets in nobody, and what was let in before and after it is no part of it', () => {
  const pause = { ...stretch, paused: true };
  expect(judged(pause, [...ticks(2, 0, 1_000), ...ticks(2, 11_200, 20_000)])).toBe(true);
  expect(judged(pause, [{ atMs: 6_000, fans: 1 }])).toBe(false);
});

test('[RUN-45] whoever was inside when the capacity was lowered may stay; nobody comes in beyond it', () => {
  expect(beyondCapacity([40, 31, 17, 10, 9, 10, 10], 10)).toBe(0);
  expect(beyondCapacity([], 10)).toBe(0);
  expect(beyondCapacity([40, 31, 33, 17], 10)).toBe(1);
  expect(beyondCapacity([8, 10, 11, 12], 10)).toBe(2);
});

test('[RUN-45] what a script reads of the operator’s desk is the contract: the types say so', () => {
  expectTypeOf<OperatorRoom>().toExtend<desk.DeskRoom>();
  expectTypeOf<AdmittedBatch>().toExtend<desk.AdmittedBatch>();
  expectTypeOf<z.infer<typeof OperatorHold>>().toExtend<desk.DeskHold>();
});
