import { LENGTH_MAX } from './runs.ts';
import { seatsFrom } from './together.ts';
import { eachRun, type View } from './view.ts';

/** A run of open seats that anyone may have. */
interface Run {
  readonly section: string;
  readonly from: number;
  readonly length: number;
  readonly distance: number;
}

/** How many runs there are of each length, the longest as LENGTH_MAX. */
type Lengths = Int32Array;

/**
 * Seats in the fewest pieces: within one section when that needs no more pieces than the whole venue does (the closest such
 * section), else each next piece as near to the first as can be.
 * @returns undefined when fewer are open.
 */
export function pickPieces(view: View, quantity: number, tiers: readonly string[]): number[] | undefined {
  const runs = openRuns(view, tiers);
  const pieces = fewest(lengthsOf(runs), quantity);
  if (pieces === undefined) return undefined;
  for (const own of Map.groupBy(runs, ({ section }) => section).values()) {
    if (fewest(lengthsOf(own), quantity) === pieces) return gather(own, quantity, pieces);
  }
  return gather(runs, quantity, pieces);
}

/** Closest first, whatever their tier. */
function openRuns({ layout, open, tiers: all }: View, tiers: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const tier of tiers) {
    const own = all.get(tier);
    if (own === undefined) continue;
    for (let at = own.finder.next(0, -1); at >= 0; at = own.finder.next(at + 1, -1)) {
      const stretch = own.stretches[at]!;
      eachRun(layout, open, stretch, (from, to) => {
        const distance = layout.distance[from]!;
        runs.push({ section: stretch.section, from, length: Math.min(to - from, LENGTH_MAX), distance });
      });
    }
  }
  return runs.sort((a, b) => a.distance - b.distance);
}

function lengthsOf(runs: readonly Run[]): Lengths {
  const lengths = new Int32Array(LENGTH_MAX + 1);
  for (const { length } of runs) lengths[length]! += 1;
  return lengths;
}

/** Into how few runs so many seats go: the longest first. Undefined when there are not so many. */
function fewest(lengths: Lengths, quantity: number): number | undefined {
  let [left, pieces] = [quantity, 0];
  for (let length = LENGTH_MAX; length > 0 && left > 0; length--) {
    const taken = Math.min(lengths[length]!, Math.ceil(left / length));
    left -= taken * length;
    pieces += taken;
  }
  return left > 0 ? undefined : pieces;
}

function gather(runs: readonly Run[], quantity: number, pieces: number): number[] {
  const lengths = lengthsOf(runs);
  const chosen: Run[] = [];
  let wanted = quantity;
  for (let piecesLeft = pieces; piecesLeft > 0; piecesLeft--) {
    const leavesEnough = ({ length }: Run): boolean => {
      if (length >= wanted) return true;
      lengths[length]! -= 1;
      const rest = fewest(lengths, wanted - length);
      lengths[length]! += 1;
      return rest !== undefined && rest < piecesLeft;
    };
    const possible = runs.filter((run) => !chosen.includes(run) && leavesEnough(run));
    const run = possible.reduce((best, other) => (isBetter(other, best, wanted, chosen[0]) ? other : best));
    chosen.push(run);
    lengths[run.length]! -= 1;
    wanted -= Math.min(wanted, run.length);
  }
  let left = quantity;
  return chosen.flatMap(({ from, length }) => {
    const taken = Math.min(left, length);
    left -= taken;
    return seatsFrom(from, taken);
  });
}

/** In the section of the first piece, then without a single seat left over, then at the first one's distance, or the stage's. */
function isBetter(a: Run, b: Run, wanted: number, first: Run | undefined): boolean {
  const apart = (run: Run): number => (first === undefined || run.section === first.section ? 0 : 1);
  const single = (run: Run): number => (run.length - wanted === 1 ? 1 : 0);
  const away = (run: Run): number => Math.abs(run.distance - (first?.distance ?? 0));
  return (apart(a) - apart(b) || single(a) - single(b) || away(a) - away(b)) < 0;
}
