import { describe, expect, test } from 'vitest';
import { addressOf } from '../../crowd/addresses.ts';
import { characterOf } from '../lib/character.ts';
import { seatsTogether } from '../lib/seats.ts';
import { around, randomOf } from '../lib/seeded.ts';

const FANS = 2_000;
const odds = { noShow: 0.1, dropOut: 0.2 };
const numbers = Array.from({ length: FANS }, (_, number) => number);
/** All that is decided of a fan before he meets the sale. */
const fanOf = (seed: number, number: number) => {
  const random = randomOf(seed, number);
  const character = characterOf(random, odds);
  const pauses = Array.from({ length: 5 }, () => around(random, 500));
  return { character, pauses, address: addressOf(seed, number, '10.64.0.0/10') };
};

describe('[RUN-41] SEED decides all that the fans decide', () => {
  test('the same fans again, whoever is asked first; others with another seed', () => {
    const once = numbers.map((number) => fanOf(7, number));
    const again = [...numbers].reverse().map((number) => fanOf(7, number));
    expect(again.reverse()).toEqual(once);
    const others = numbers.map((number) => fanOf(8, number));
    expect(numbers.filter((number) => others[number]!.pauses[0] === once[number]!.pauses[0])).toEqual([]);
  });

  test('every fan of a run has an address of his own, in the block that was said', () => {
    const addresses = numbers.map((number) => addressOf(7, number, '10.64.0.0/10'));
    expect(new Set(addresses).size).toBe(FANS);
    for (const address of addresses) {
      const [first, second] = address.split('.').map(Number);
      expect(first).toBe(10);
      expect(second! >= 64 && second! < 128).toBe(true);
    }
    expect(addressOf(7, 3, '172.16.5.9/32')).toBe('172.16.5.9');
    for (const block of ['', '10.0.0.0', '10.0.0.0/33', '300.0.0.0/8', 'fd00::/8']) {
      expect(() => addressOf(7, 3, block)).toThrow(/IPv4 block/);
    }
  });

  test('as many no-shows and drop-outs as were said, each with and without a word, from the line and with a hold', () => {
    const characters = numbers.map((number) => characterOf(randomOf(7, number), odds));
    const share = (which: (one: (typeof characters)[number]) => boolean): number =>
      characters.filter(which).length / FANS;
    expect(share(({ noShow }) => noShow)).toBeCloseTo(0.1, 1);
    for (const from of ['line', 'hold'] as const) {
      for (const says of [true, false]) {
        const like = share(({ dropsOut }) => dropsOut?.from === from && dropsOut.says === says);
        expect(Math.abs(like - 0.05)).toBeLessThan(0.02);
      }
    }
    // One option leaves alone on whom another falls.
    const others = numbers.map((number) => characterOf(randomOf(7, number), { noShow: 0, dropOut: 0.2 }));
    expect(others.map(({ dropsOut }) => dropsOut)).toEqual(characters.map(({ dropsOut }) => dropsOut));
  });

  test('seats beside each other are free, nobody is kept from them, and the front comes first', () => {
    const seat = (
      ticketId: number,
      state: 'free' | 'held' | 'gone' = 'free',
      access: string | null = null,
    ) => ({
      ticketId,
      tierId: 'field',
      access,
      state,
    });
    const rows = [
      {
        row: 'A',
        seats: [seat(1), seat(2, 'held'), seat(3), seat(4), seat(5, 'free', 'wheelchair'), seat(6)],
      },
      { row: 'B', seats: [seat(7), seat(8), seat(9), seat(10, 'gone')] },
    ];
    expect(seatsTogether({ rows }, 2)).toEqual([
      [3, 4],
      [7, 8],
      [8, 9],
    ]);
    expect(seatsTogether({ rows }, 1).flat()).toEqual([1, 3, 4, 6, 7, 8, 9]);
    expect(seatsTogether({ rows }, 4)).toEqual([]);
  });
});
