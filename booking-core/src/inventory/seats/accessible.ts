import { ANYONE, COMPANION, type Layout, type Stretch, WHEELCHAIR } from './layout.ts';
import { seatsFrom } from './together.ts';
import type { View } from './view.ts';

/** Less is better, the first that differs decides. */
type Rank = readonly [lonely: number, singles: number, cost: number];

/**
 * The best block with exactly so many wheelchair spaces; the others are companion seats or seats that anyone may have.
 * First those that leave the fewest wheelchair spaces and companion seats without their other half, then the fewest single
 * free seats, then the closest. Looks at the few stretches that have wheelchair spaces.
 */
export function pickAccessible(
  { layout, open }: View,
  quantity: number,
  wheelchairs: number,
  tiers: readonly string[],
): number[] | undefined {
  let best: { from: number; rank: Rank } | undefined;
  for (const stretch of accessibleStretches(layout)) {
    if (!tiers.includes(stretch.tier)) continue;
    for (let from = stretch.from; from + quantity <= stretch.to; from++) {
      if (!fits(layout, open, from, quantity, wheelchairs)) continue;
      const rank = rankOf(layout, open, stretch, from, quantity);
      if (best === undefined || isLess(rank, best.rank)) best = { from, rank };
    }
  }
  return best === undefined ? undefined : seatsFrom(best.from, quantity);
}

const kept = new WeakMap<Layout, readonly Stretch[]>();

function accessibleStretches(layout: Layout): readonly Stretch[] {
  let found = kept.get(layout);
  if (found === undefined) {
    found = layout.stretches.filter(({ from, to }) => layout.access.subarray(from, to).includes(WHEELCHAIR));
    kept.set(layout, found);
  }
  return found;
}

function fits({ access }: Layout, open: Uint8Array, from: number, quantity: number, wheelchairs: number) {
  let found = 0;
  for (let seat = from; seat < from + quantity; seat++) {
    if (open[seat] !== 1) return false;
    if (access[seat] === WHEELCHAIR) found += 1;
  }
  return found === wheelchairs;
}

function rankOf(layout: Layout, open: Uint8Array, stretch: Stretch, first: number, quantity: number): Rank {
  const before = aloneIn(layout, stretch, (seat) => open[seat] === 1);
  const taken = (seat: number): boolean => seat >= first && seat < first + quantity;
  const after = aloneIn(layout, stretch, (seat) => open[seat] === 1 && !taken(seat));
  let cost = 0;
  for (let seat = first; seat < first + quantity; seat++) cost += layout.distance[seat]!;
  return [after.accessible - before.accessible, after.others - before.others, cost];
}

/** Open seats with nobody fitting beside them: wheelchair spaces and companion seats without the other, singles of the rest. */
function aloneIn({ access }: Layout, { from, to }: Stretch, isOpen: (seat: number) => boolean) {
  const has = (seat: number, wanted: number): boolean =>
    seat >= from && seat < to && access[seat] === wanted && isOpen(seat);
  let [accessible, others] = [0, 0];
  for (let seat = from; seat < to; seat++) {
    if (!isOpen(seat)) continue;
    const own = access[seat]!;
    const wanted = own === WHEELCHAIR ? COMPANION : own === COMPANION ? WHEELCHAIR : ANYONE;
    if (has(seat - 1, wanted) || has(seat + 1, wanted)) continue;
    if (own === ANYONE) others += 1;
    else accessible += 1;
  }
  return { accessible, others };
}

const isLess = (a: Rank, b: Rank): boolean => {
  const differs = a.findIndex((part, n) => part !== b[n]);
  return differs >= 0 && a[differs]! < b[differs]!;
};
