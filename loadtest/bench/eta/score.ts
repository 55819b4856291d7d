import type { Outcome } from './sale.ts';

/** How often what was told came true. */
export interface Score {
  inside: number;
  earlier: number;
  later: number;
  /** Width of each told range over the wait that came, for waits of a minute or more. */
  readonly widths: number[];
  /** By told percent (0: under 5, 100: over 95): fans who wanted tickets, and those who could have them. */
  readonly odds: Map<number, { fans: number; got: number }>;
  /** Fans who were told a wait, of those told something; the same for odds. */
  told: number;
  waitsTold: number;
  oddsTold: number;
}

/** Who was let in so shortly before the end has not had the time to choose. */
const UNDECIDED_MS = 600_000;

export const noScore = (): Score => ({
  inside: 0,
  earlier: 0,
  later: 0,
  widths: [],
  odds: new Map(),
  told: 0,
  waitsTold: 0,
  oddsTold: 0,
});

/**
 * Waits are those of fans who stayed until their turn; who was told a range, waited to its end and beyond, and never had a
 * turn, counts as later. Odds are judged by fans who wanted tickets and stayed until they were let in or all was sold.
 * @param which what was told at the join, or every two minutes of the wait
 */
export function score(into: Score, { fans, overAtMs, soldOut }: Outcome, which: 'join' | 'minutes'): void {
  for (const fan of fans) {
    if (fan.passedOver || (fan.gone && fan.letInAtMs === undefined)) continue;
    for (const { atMs, atJoin, wait, odds } of fan.told) {
      if (atJoin !== (which === 'join')) continue;
      into.told += 1;
      if (wait !== null) into.waitsTold += 1;
      if (odds !== null) into.oddsTold += 1;
      // What the simulation's end cuts off would be those that took longer.
      if (wait !== null && (soldOut || atMs + wait.toMs < overAtMs)) {
        const waited = (fan.letInAtMs ?? overAtMs) - atMs;
        const over = fan.letInAtMs !== undefined;
        if (over && waited < wait.fromMs) into.earlier += 1;
        else if (waited > wait.toMs) into.later += 1;
        else if (over) into.inside += 1;
        if (over && waited >= 60_000) into.widths.push((wait.toMs - wait.fromMs) / waited);
      }
      const decided = soldOut || (fan.letInAtMs !== undefined && fan.letInAtMs < overAtMs - UNDECIDED_MS);
      if (odds !== null && fan.buyer && decided) {
        const percent = odds.bound === 'under' ? 0 : odds.bound === 'over' ? 100 : odds.percent;
        const bucket = into.odds.get(percent) ?? { fans: 0, got: 0 };
        bucket.fans += 1;
        if (fan.got) bucket.got += 1;
        into.odds.set(percent, bucket);
      }
    }
  }
}

export const shareInside = ({ inside, earlier, later }: Score): number =>
  inside / Math.max(1, inside + earlier + later);

/** Of fans told odds between these, in percent, the share who got tickets. */
export function shareWithOdds({ odds }: Score, from: number, to: number): number {
  const told = [...odds].filter(([percent]) => percent >= from && percent <= to).map(([, bucket]) => bucket);
  const sum = (what: 'fans' | 'got'): number => told.reduce((all, bucket) => all + bucket[what], 0);
  return sum('got') / sum('fans');
}
