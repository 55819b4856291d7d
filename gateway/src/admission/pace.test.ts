import { expect, test } from 'vitest';
import { paceOf } from './pace.ts';

const policy = { ratePerMinute: 600, capacity: 100, sessionTtlMs: 600_000 };
const nowMs = 1_000_000_000;
const flowOf = (admitted: number, sinceMs: number) => ({
  nowMs,
  flow: [{ atMs: nowMs - sinceMs, admitted }],
});

test.each([
  ['nothing measured: the rate', 'rate', flowOf(0, 0), 600],
  ['nothing measured, slots full: what leaves them', 'capacity', flowOf(0, 0), 10],
  ['nothing measured, waiting for stock: unknown', 'stock', flowOf(9, 5_000), 0],
  ['measured since the first admission, not over an empty minute', 'capacity', flowOf(50, 10_000), 300],
  ['measured, waiting for stock', 'stock', flowOf(30, 60_000), 30],
  ['measured faster than a rate that was lowered', 'rate', flowOf(2_000, 60_000), 600],
  ['paused', 'paused', flowOf(50, 10_000), 0],
  ['sold out', 'soldOut', flowOf(50, 10_000), 0],
  ['closed', 'closed', flowOf(50, 10_000), 0],
] as const)('[LINE-3] the pace behind an estimate is honest: %s', (_, reason, flow, pace) => {
  expect(paceOf(policy, reason, flow)).toBe(pace);
});
