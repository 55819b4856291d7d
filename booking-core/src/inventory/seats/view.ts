import { ANYONE, type Layout, type Stretch } from './layout.ts';
import { bitOf, type Finder, finderOf } from './runs.ts';

/** Seats of one tier that anyone may have, by the lengths of their free runs. */
export interface TierRuns {
  /** Stretches of the tier, closest first. */
  readonly stretches: readonly Stretch[];
  readonly finder: Finder;
}

/** Which seats of a layout are open to be picked, and where the runs of them are. */
export interface View {
  readonly layout: Layout;
  /** By seat, 1: open. Changed by `put` alone. */
  readonly open: Uint8Array;
  readonly tiers: ReadonlyMap<string, TierRuns>;
  /** Opens seats (1) or closes them (0). */
  put(seats: readonly number[], open: 0 | 1): void;
}

/** @param open is kept and changed */
export function viewOf(layout: Layout, open: Uint8Array): View {
  const { stretches, stretchOf } = layout;
  const byTier = new Map<string, Stretch[]>();
  /** By stretch: its place among those of its tier. */
  const placeOf = new Int32Array(stretches.length);
  for (const [n, stretch] of stretches.entries()) {
    const same = byTier.get(stretch.tier) ?? [];
    byTier.set(stretch.tier, same);
    placeOf[n] = same.push(stretch) - 1;
  }
  const tiers = new Map(
    [...byTier].map(([tier, own]) => {
      const finder = finderOf(own.map((stretch) => runBits(layout, open, stretch)));
      return [tier, { stretches: own, finder }];
    }),
  );

  return {
    layout,
    open,
    tiers,
    put(seats, to) {
      for (const seat of seats) open[seat] = to;
      // Mostly one stretch; it is looked at once for each of its seats at worst.
      let last = -1;
      for (const seat of seats) {
        const n = stretchOf[seat]!;
        if (n === last) continue;
        last = n;
        const stretch = stretches[n]!;
        tiers.get(stretch.tier)!.finder.set(placeOf[n]!, runBits(layout, open, stretch));
      }
    },
  };
}

function runBits(layout: Layout, open: Uint8Array, stretch: Stretch): number {
  let bits = 0;
  eachRun(layout, open, stretch, (from, to) => {
    bits |= bitOf(to - from);
  });
  return bits;
}

/** Calls back for every run of open seats that anyone may have: its first seat, and the one behind its last. */
export function eachRun(
  { access }: Layout,
  open: Uint8Array,
  { from, to }: Stretch,
  found: (from: number, to: number) => void,
): void {
  let start = -1;
  for (let seat = from; seat <= to; seat++) {
    const inRun = seat < to && open[seat] === 1 && access[seat] === ANYONE;
    if (inRun && start < 0) start = seat;
    if (!inRun && start >= 0) {
      found(start, seat);
      start = -1;
    }
  }
}
