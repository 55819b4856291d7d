import { expect, test } from 'vitest';
import { seeded } from '../../crowd/random.ts';
import { extremesIn } from '../admission/windows.ts';

test('the extremes are those of every window that fits, looked at one after the other', () => {
  const random = seeded(20261121);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  for (let round = 0; round < 500; round += 1) {
    const momentsMs = Array.from({ length: upTo(60) }, () => upTo(300)).sort((a, b) => a - b);
    const [fromMs, lengthMs, more] = [upTo(50), 1 + upTo(120), upTo(80)];
    const counts = Array.from({ length: more + 1 }, (_, at) => {
      const startMs = fromMs + at;
      return momentsMs.filter((atMs) => atMs >= startMs && atMs < startMs + lengthMs).length;
    });
    expect(extremesIn(momentsMs, { fromMs, toMs: fromMs + lengthMs + more, lengthMs })).toEqual({
      most: Math.max(...counts),
      fewest: Math.min(...counts),
    });
  }
  expect(() => extremesIn([], { fromMs: 0, toMs: 10, lengthMs: 11 })).toThrow(RangeError);
});
