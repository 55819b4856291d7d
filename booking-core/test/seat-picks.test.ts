import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { type Layout, layoutOf, type PlacedSeat } from '../src/inventory/seats/layout.ts';
import { type View, viewOf } from '../src/inventory/seats/view.ts';
import { largestOf, pick, type Wish } from '../src/inventory/seats/wish.ts';
import { type DrawnRow, drawn } from './seated.ts';

const rowArbitrary = (letters: string): fc.Arbitrary<Omit<DrawnRow, 'row'>> =>
  fc.record({
    section: fc.constantFrom('A', 'B'),
    tier: fc.constantFrom('a', 'b'),
    distance: fc.integer({ min: 0, max: 6 }),
    seats: fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 }),
  });

const venue = (letters: string) =>
  fc.record({
    rows: fc.array(rowArbitrary(letters), { minLength: 1, maxLength: 5 }),
    taken: fc.array(fc.nat({ max: 59 }), { maxLength: 25 }),
    /** Seats closer to the middle of the row, or all alike. */
    bowed: fc.boolean(),
  });

/** What happens to the view before it is asked, so that what it keeps is not what it was made with. */
const wishes = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 7 }),
    tiers: fc.constantFrom<string[][]>(['a'], ['b'], ['a', 'b'], ['b', 'a']),
    giveBack: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

function open({ rows, taken, bowed }: { rows: Omit<DrawnRow, 'row'>[]; taken: number[]; bowed: boolean }) {
  const seats = drawn(rows.map((row, n) => ({ ...row, row: String(n) }))).map((seat) =>
    bowed ? { ...seat, distance: seat.distance + Math.abs(seat.seat - 4) } : seat,
  );
  const layout = layoutOf(seats);
  const view = viewOf(layout, new Uint8Array(layout.ids.length).fill(1));
  view.put(
    taken.filter((seat) => seat < layout.ids.length),
    0,
  );
  const byId = new Map(seats.map((seat) => [seat.id, seat]));
  return { layout, view, seatAt: (index: number) => byId.get(layout.ids[index]!)! };
}

type SeatAt = (index: number) => PlacedSeat;

const neighbours = (a: PlacedSeat, b: PlacedSeat): boolean =>
  a.section === b.section && a.row === b.row && a.tier === b.tier && Math.abs(a.seat - b.seat) === 1;

/** Every set of `quantity` open seats beside each other, looked for seat by seat. */
function blocksOf(
  { layout, open: isOpen }: View,
  seatAt: SeatAt,
  { quantity, tiers, wheelchairs }: Wish,
): number[][] {
  const all = [...layout.ids.keys()];
  const found: number[][] = [];
  for (const first of all) {
    const block = [first];
    while (block.length < quantity) {
      const last = seatAt(block.at(-1)!);
      const next = all.find(
        (other) => neighbours(last, seatAt(other)) && seatAt(other).seat === last.seat + 1,
      );
      if (next === undefined) break;
      block.push(next);
    }
    const seats = block.map(seatAt);
    const spaces = seats.filter(({ access }) => access === 'wheelchair').length;
    const allowed = wheelchairs > 0 ? spaces === wheelchairs : seats.every(({ access }) => access === null);
    if (
      block.length === quantity &&
      allowed &&
      block.every((seat) => isOpen[seat] === 1) &&
      tiers.includes(seats[0]!.tier)
    ) {
      found.push(block);
    }
  }
  return found;
}

/** Of the seats left open after `taken`: how many have nobody fitting beside them. */
function alone({ layout, open: isOpen }: View, seatAt: SeatAt, taken: readonly number[]) {
  const left = [...layout.ids.keys()]
    .filter((seat) => isOpen[seat] === 1 && !taken.includes(seat))
    .map(seatAt);
  const fits: Record<string, PlacedSeat['access']> = { wheelchair: 'companion', companion: 'wheelchair' };
  const lonely = left.filter(
    (seat) =>
      !left.some(
        (other) =>
          neighbours(seat, other) && other.access === (seat.access === null ? null : fits[seat.access]),
      ),
  );
  const accessible = lonely.filter(({ access }) => access !== null).length;
  return { accessible, others: lonely.length - accessible };
}

/** Single seats that stand right beside the block. */
function singlesBeside(view: View, seatAt: SeatAt, block: readonly number[]): number {
  const left = [...view.layout.ids.keys()]
    .filter((seat) => view.open[seat] === 1 && !block.includes(seat))
    .map(seatAt)
    .filter(({ access }) => access === null);
  return left.filter(
    (seat) =>
      block.some((taken) => neighbours(seatAt(taken), seat)) &&
      !left.some((other) => neighbours(seat, other)),
  ).length;
}

const costOf = (layout: Layout, block: readonly number[]): number =>
  block.reduce((sum, seat) => sum + layout.distance[seat]!, 0);

const least = (ranks: readonly number[][]): number[] =>
  ranks.reduce((a, b) => {
    const differs = a.findIndex((part, n) => part !== b[n]);
    return differs < 0 || a[differs]! < b[differs]! ? a : b;
  });

const bounds = { numRuns: runs(1_500, 20_000), seed: 20_270_717 };

test('[BOOK-18] the best block is beside each other in one row of one tier, leaves no single seat where one that does not exists, and no other such is closer', () => {
  fc.assert(
    fc.property(venue('...... w'), wishes, (drawnVenue, asked) => {
      const { layout, view, seatAt } = open(drawnVenue);
      for (const { quantity, tiers, giveBack } of asked) {
        const wish: Wish = { quantity, tiers, together: true, wheelchairs: 0 };
        const blocks = blocksOf(view, seatAt, wish);
        const found = pick(view, wish);
        expect(found === undefined).toBe(blocks.length === 0);
        if (found === undefined) continue;
        expect(blocks).toContainEqual(found);
        const rank = (block: number[]): number[] => [
          Math.min(1, singlesBeside(view, seatAt, block)),
          costOf(layout, block),
        ];
        expect(rank(found)).toEqual(least(blocks.map(rank)));
        // Who looks at his side first still finds what there is, and leaves no more singles for it.
        const aside = pick(view, wish, [({ from }) => from % 2 === 0])!;
        expect(blocks).toContainEqual(aside);
        expect(rank(aside)[0]).toBe(rank(found)[0]);
        view.put(found, 0);
        if (giveBack) view.put(found.slice(1), 1);
      }
    }),
    bounds,
  );
});

test('[BOOK-20] a block with wheelchair spaces has exactly so many, strands the fewest halves of a pair, and no other such is closer', () => {
  fc.assert(
    fc.property(
      venue('..wwccc '),
      wishes,
      fc.integer({ min: 1, max: 3 }),
      (drawnVenue, asked, wheelchairs) => {
        const { layout, view, seatAt } = open(drawnVenue);
        for (const { quantity, tiers } of asked) {
          if (wheelchairs > quantity) continue;
          const wish: Wish = { quantity, tiers, together: true, wheelchairs };
          const blocks = blocksOf(view, seatAt, wish);
          const found = pick(view, wish);
          expect(found === undefined).toBe(blocks.length === 0);
          if (found === undefined) continue;
          const rank = (block: number[]): number[] => {
            const { accessible, others } = alone(view, seatAt, block);
            return [accessible, others, costOf(layout, block)];
          };
          expect(rank(found)).toEqual(least(blocks.map(rank)));
          view.put(found, 0);
        }
      },
    ),
    bounds,
  );
});

test('[BOOK-19] apart: together where that is to be had, else in the fewest pieces, and never refused while so many are open', () => {
  fc.assert(
    fc.property(venue('..... w'), wishes, (drawnVenue, asked) => {
      const { view, seatAt, layout } = open(drawnVenue);
      for (const { quantity, tiers } of asked) {
        const wish: Wish = { quantity, tiers, together: false, wheelchairs: 0 };
        const openSeats = [...layout.ids.keys()].filter(
          (seat) =>
            view.open[seat] === 1 && seatAt(seat).access === null && tiers.includes(seatAt(seat).tier),
        );
        const found = pick(view, wish);
        expect(found?.length).toBe(openSeats.length < quantity ? undefined : quantity);
        if (found === undefined) continue;
        expect(new Set(found).size).toBe(quantity);
        expect(openSeats).toEqual(expect.arrayContaining(found));
        expect(piecesOf(found.map(seatAt))).toHaveLength(
          fewestPieces(piecesOf(openSeats.map(seatAt)), quantity),
        );
        view.put(found, 0);
      }
    }),
    bounds,
  );
});

/** Lengths of what is beside each other. */
function piecesOf(seats: readonly PlacedSeat[]): number[] {
  const starts = seats.filter(
    (seat) => !seats.some((other) => neighbours(seat, other) && other.seat === seat.seat - 1),
  );
  return starts.map((start) => {
    let [length, last] = [1, start];
    for (;;) {
      const next = seats.find((other) => neighbours(last, other) && other.seat === last.seat + 1);
      if (next === undefined) return length;
      last = next;
      length += 1;
    }
  });
}

/** By trying every choice of so many pieces. */
function fewestPieces(lengths: readonly number[], quantity: number): number {
  const reach = (from: number, pieces: number, wanted: number): boolean =>
    wanted <= 0 ||
    (pieces > 0 && lengths.slice(from).some((length, n) => reach(from + n + 1, pieces - 1, wanted - length)));
  let pieces = 1;
  while (!reach(0, pieces, quantity)) pieces += 1;
  return pieces;
}

test('[BOOK-19] what is offered instead is the largest block there is', () => {
  fc.assert(
    fc.property(venue('.... w'), fc.integer({ min: 1, max: 9 }), (drawnVenue, most) => {
      const { view, seatAt } = open(drawnVenue);
      const wish: Wish = { quantity: most, tiers: ['a', 'b'], together: true, wheelchairs: 0 };
      const largest = [9, 8, 7, 6, 5, 4, 3, 2, 1].find(
        (quantity) => quantity <= most && blocksOf(view, seatAt, { ...wish, quantity }).length > 0,
      );
      expect(largestOf(view, wish, most)).toBe(largest ?? 0);
    }),
    bounds,
  );
});
