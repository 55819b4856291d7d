import type { Snapshot } from '@onsale/shared/snapshot';

/**
 * The place of an order number as a snapshot tells it: exact in the front, an upper bound behind it (never less than the
 * true place, at that moment or later). `gone` is not in the line any more, or cannot be told: read it exactly.
 * `newer` joined after the snapshot: what the join answered still holds.
 */
export function placeFrom({ seq, front, samples }: Snapshot, order: number): number | 'gone' | 'newer' {
  if (order > seq) return 'newer';
  const inFront = firstNotBelow(front, order, (entry) => entry);
  if (inFront < front.length) return front[inFront] === order ? inFront + 1 : 'gone';
  const behind = firstNotBelow(samples, order, (entry) => entry[1]);
  const sample = samples[behind];
  if (sample === undefined) return 'gone';
  const [place, sampledOrder] = sample;
  if (sampledOrder === order) return place;
  const placeBefore = behind === 0 ? front.length : samples[behind - 1]![0];
  return place - placeBefore > 1 ? place - 1 : 'gone';
}

/** Index of the first entry whose order is not below, or the length. */
function firstNotBelow<T>(entries: readonly T[], order: number, orderOf: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (orderOf(entries[middle]!) < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
