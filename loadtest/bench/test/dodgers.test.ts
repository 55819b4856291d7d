import { describe, expect, test } from 'vitest';
import { Muster } from '../dodgers/muster.ts';
import { dodgers } from '../dodgers.ts';
import { perform } from '../perform.ts';
import { sizesOf } from '../sizes.ts';

const FANS = 3_000;
/** What a run shows however slow the machine is. */
const KEPT = ['dodgers-audit-clean', 'dodgers-sold-exactly', 'dodgers-nobody-lost', 'dodgers-all-told'];

test('[RUN-55] a small stadium sells out to a line that half joined before its doors, all others are told, the audit is clean', {
  timeout: 240_000,
}, async () => {
  const { results, verdicts } = await perform(dodgers, { quick: true, sizes: { fans: FANS }, say: () => {} });
  const kept = verdicts.filter(({ id }) => KEPT.includes(id));
  expect(kept.map(({ id, value, pass }) => [id, value, pass])).toEqual(KEPT.map((id) => [id, 0, true]));
  const of = (name: string): number => results.find((one) => one.name === name)!.median;
  expect(of('fans who joined')).toBe(FANS);
  expect(of('fans let in') + of('fans who wait in the end')).toBe(FANS);
  expect(of('fans who wait in the end')).toBeGreaterThan(0);
  expect(of('fans let in')).toBeGreaterThan(of('of them, who found no seats'));
});

describe('a muster', () => {
  const musterOf = (...letters: string[]): Muster => {
    const muster = new Muster();
    for (const letter of letters) muster.add(`${letter.repeat(21)}A`);
    return muster;
  };

  test('[RUN-55] agrees with one of the same places in any order, and in parts', () => {
    expect(musterOf('a', 'b', 'c').missing(musterOf('c', 'a', 'b'))).toBe(0);
    const parts = musterOf('b');
    parts.addAll(musterOf('c', 'a').toMessage());
    expect(musterOf('a', 'b', 'c').missing(parts)).toBe(0);
  });

  test('[RUN-55] misses who is not there, who is there twice, and who is somebody else', () => {
    expect(musterOf('a', 'b', 'c').missing(musterOf('a', 'b'))).toBe(1);
    expect(musterOf('a', 'b').missing(musterOf('a', 'b', 'b'))).toBe(1);
    expect(musterOf('a', 'b').missing(musterOf('a', 'c'))).toBe(1);
    expect(musterOf('a', 'b').missing(musterOf('a', 'a'))).toBe(1);
  });
});

test('a bench takes its own sizes, whole and within their bounds, and has those of its form else', () => {
  const sized = {
    name: 'sized',
    sizes: { fans: { about: 'fans', least: 10, most: 100, quick: 20, full: 50 } },
  };
  expect(sizesOf(sized, {}, true)).toEqual({ fans: 20 });
  expect(sizesOf(sized, { fans: undefined }, false)).toEqual({ fans: 50 });
  expect(sizesOf(sized, { fans: '70' }, true)).toEqual({ fans: 70 });
  for (const asked of [{ fans: '9' }, { fans: 101 }, { fans: '20.5' }, { fans: 'many' }, { seats: 20 }]) {
    expect(() => sizesOf(sized, asked, false)).toThrow(RangeError);
  }
  expect(sizesOf({ name: 'plain' }, {}, false)).toEqual({});
});
