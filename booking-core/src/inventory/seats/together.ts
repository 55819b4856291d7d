import type { Stretch } from './layout.ts';
import { atLeastBits, neatBits } from './runs.ts';
import { eachRun, type View } from './view.ts';

/** Seats beside each other: so many from the first. The sum of their distances is what `cost` says. */
interface Block {
  readonly from: number;
  readonly cost: number;
}

/** Stretches that are looked at before all others, one kind after the other. */
export type Own = readonly ((stretch: Stretch) => boolean)[];

/**
 * The best block of seats that anyone may have: one that leaves no single free seat beside it before one that does, then
 * the closest to the stage. It looks at the stretches that can have one, closest first, until none can be closer.
 * @returns indexes of the seats, undefined when no such block is open.
 */
export function pickTogether(
  view: View,
  quantity: number,
  tiers: readonly string[],
  own: Own = [],
): number[] | undefined {
  for (const wanted of [neatBits(quantity), atLeastBits(quantity)]) {
    for (const mine of [...own, undefined]) {
      const best = closestOf(view, quantity, tiers, wanted, mine);
      if (best !== undefined) return seatsFrom(best.from, quantity);
    }
  }
  return undefined;
}

function closestOf(
  view: View,
  quantity: number,
  tiers: readonly string[],
  wanted: number,
  mine: Own[number] | undefined,
): Block | undefined {
  let best: Block | undefined;
  for (const tier of tiers) {
    const runs = view.tiers.get(tier);
    if (runs === undefined) continue;
    const { stretches, finder } = runs;
    for (let at = finder.next(0, wanted); at >= 0; at = finder.next(at + 1, wanted)) {
      const stretch = stretches[at]!;
      if (best !== undefined && stretch.nearest * quantity >= best.cost) break;
      if (mine === undefined || mine(stretch)) best = closer(best, bestBlock(view, stretch, quantity));
    }
  }
  return best;
}

export const seatsFrom = (first: number, quantity: number): number[] =>
  Array.from({ length: quantity }, (_, n) => first + n);

const closer = (a: Block | undefined, b: Block | undefined): Block | undefined =>
  b === undefined || (a !== undefined && a.cost <= b.cost) ? a : b;

/** Within one stretch: neat blocks when it has any. */
function bestBlock({ layout, open }: View, stretch: Stretch, quantity: number): Block | undefined {
  let neat: Block | undefined;
  let any: Block | undefined;
  eachRun(layout, open, stretch, (from, to) => {
    let cost = 0;
    for (let seat = from; seat < to; seat++) {
      cost += layout.distance[seat]!;
      const first = seat - quantity + 1;
      if (first < from) continue;
      if (first > from) cost -= layout.distance[first - 1]!;
      const block = { from: first, cost };
      if (first - from === 1 || to - 1 - seat === 1) any = closer(any, block);
      else neat = closer(neat, block);
    }
  });
  return neat ?? any;
}
