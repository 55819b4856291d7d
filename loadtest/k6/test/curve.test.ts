import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Random, seeded, upTo } from '../../crowd/random.ts';
import { type Curve, curveOf, dueAtMs, type Ramp, rampOf } from '../lib/curve.ts';

const folder = join(import.meta.dirname, '..', 'curves');

/** Arrivals of each stage as k6 counts them: the area under the ramp. */
function arrivalsOf({ startRate, stages }: Ramp): number[] {
  let before = startRate;
  return stages.map(({ duration, target }) => {
    const area = ((before + target) / 2) * (Number.parseInt(duration, 10) / 3_600_000);
    before = target;
    return area;
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const msOf = ({ stages }: Ramp): number[] => stages.map(({ duration }) => Number.parseInt(duration, 10));
/** Without the while at the end in which nobody comes any more: only who is late. */
const lengthMs = (ramp: Ramp): number => sum(msOf(ramp).slice(0, -2));

/** Up to ten points, jumps and quiet spells among them. */
function anyCurve(random: Random): Curve {
  let second = Math.floor(random() * 100);
  const points = Array.from({ length: upTo(random, 9) + 1 }, () => {
    const at = second;
    second += random() < 0.2 ? 0 : upTo(random, 100);
    return [at, random() < 0.2 ? 0 : upTo(random, 50)] as const;
  });
  return { about: 'by lot', points: [...points, [second + 1, 1]] };
}

describe('[RUN-40] fans come along a curve from data, on an open schedule', () => {
  test.each(readdirSync(folder))('%s is a curve and says what it is modelled on', (name) => {
    const curve = curveOf(JSON.parse(readFileSync(join(folder, name), 'utf8')), name);
    expect(Math.floor(sum(arrivalsOf(rampOf(curve, 2_000, 10))))).toBe(2_000);
  });

  test('whatever the curve, exactly so many come, within exactly that time', () => {
    const random = seeded(40);
    for (let run = 0; run < 1_000; run += 1) {
      const curve = anyCurve(random);
      const [fans, seconds] = [upTo(random, 20_000), 10 * upTo(random, 60)];
      const ramp = rampOf(curveOf(curve, 'by lot'), fans, seconds);
      expect(lengthMs(ramp), JSON.stringify(curve)).toBe(seconds * 1_000);
      // k6 takes whole milliseconds and whole rates: none may be off by what is half of one, at its steepest.
      const peak = Math.max(ramp.startRate, ...ramp.stages.map(({ target }) => target)) / 3_600_000;
      const off = (ramp.stages.length * peak) / 2 + seconds / 7_200;
      expect(Math.abs(sum(arrivalsOf(ramp)) - fans - 0.5), JSON.stringify(curve)).toBeLessThan(0.01 + off);
    }
  });

  test('each fan is due when so many have come as come before him, the last before the end', () => {
    const random = seeded(41);
    for (let run = 0; run < 100; run += 1) {
      const curve = anyCurve(random);
      const [fans, seconds] = [upTo(random, 500), 10 * upTo(random, 6)];
      const ramp = rampOf(curve, fans, seconds);
      const due = Array.from({ length: fans }, (_, number) => dueAtMs(ramp, number));
      expect(due.every((ms, number) => ms >= (due[number - 1] ?? 0) && ms <= seconds * 1_000)).toBe(true);
      // Counted the other way round: by a small step after another along the ramp.
      const stepMs = seconds / 10;
      let [arrived, startMs, before] = [0, 0, ramp.startRate];
      const counted: number[] = [];
      ramp.stages.forEach(({ target }, at) => {
        const length = msOf(ramp)[at]!;
        for (let ms = 0; ms < length; ms += stepMs) {
          const width = Math.min(stepMs, length - ms);
          arrived += ((before + ((target - before) * (ms + width / 2)) / length) * width) / 3_600_000;
          while (counted.length < Math.min(fans, Math.floor(arrived))) counted.push(startMs + ms + width);
        }
        [startMs, before] = [startMs + length, target];
      });
      const off = due.map((ms, number) => Math.abs(ms - (counted[number] ?? seconds * 1_000)));
      expect(Math.max(...off), JSON.stringify({ curve, fans, seconds })).toBeLessThan(stepMs * 2);
    }
  });

  test('each part of the curve keeps its share of the fans', () => {
    const points = [
      [10, 0],
      [20, 30],
      [20, 6],
      [45, 6],
    ] as const;
    const ramp = rampOf(curveOf({ about: 'half in the first part', points }, 'shares'), 600, 70);
    expect(arrivalsOf(ramp).map(Math.round)).toEqual([300, 0, 300, 0, 0]);
    expect(msOf(ramp).slice(0, 3)).toEqual([20_000, 0, 50_000]);
    // Nothing depends on the sale: a stage is a time and a rate.
    expect(Object.keys(ramp.stages[0]!)).toEqual(['duration', 'target']);
  });

  test.each([
    ['nothing', undefined, '`about` must say'],
    [
      'no word of what it is',
      {
        about: ' ',
        points: [
          [0, 1],
          [1, 1],
        ],
      },
      '`about` must say',
    ],
    ['one point', { about: 'x', points: [[0, 1]] }, '2 to 1000 pairs'],
    [
      'a weight below nothing',
      {
        about: 'x',
        points: [
          [0, 1],
          [1, -1],
        ],
      },
      'point 1 is not a pair',
    ],
    [
      'a text',
      {
        about: 'x',
        points: [
          [0, 1],
          ['1', 1],
        ],
      },
      'point 1 is not a pair',
    ],
    [
      'time that goes back',
      {
        about: 'x',
        points: [
          [5, 1],
          [4, 1],
        ],
      },
      'point 1 is before',
    ],
    [
      'nobody',
      {
        about: 'x',
        points: [
          [0, 0],
          [9, 0],
        ],
      },
      'nobody comes',
    ],
    [
      'no time',
      {
        about: 'x',
        points: [
          [3, 1],
          [3, 9],
        ],
      },
      'nobody comes',
    ],
  ])('refused with its name: %s', (_, value, what) => {
    expect(() => curveOf(value, 'mine')).toThrow(`curve mine: `);
    expect(() => curveOf(value, 'mine')).toThrow(what);
  });
});
