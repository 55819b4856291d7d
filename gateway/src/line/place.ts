import type { LaneShape, Samples } from '@onsale/shared/snapshot';

/**
 * The places of one lane's order numbers, as a snapshot tells them: exact in the front, an upper bound behind it (never less
 * than the true place, at that moment or later). `gone` is not in the line any more, or cannot be told: read it exactly.
 * `newer` joined after the snapshot, or after the samples were taken: what he was told before still holds.
 *
 * Whoever stood behind a sample is not before the first of them now, so all that went from there were ahead of him: what is
 * told is so much less than the sample says.
 * @param samples of the look that the snapshot names; undefined while they are not here
 * @returns to be asked for orders that ascend: it goes through the lane once
 */
export function placesIn(
  seq: number,
  { waiting, front, passed }: Pick<LaneShape, 'waiting' | 'front' | 'passed'>,
  samples: { readonly seq: number; readonly lane: Samples['lanes']['general'] } | undefined,
): (order: number) => number | 'gone' | 'newer' {
  const frontEnd = front.at(-1) ?? -1;
  const { places, orders } = samples?.lane ?? NONE;
  let [inFront, behind] = [0, 0];
  return (order) => {
    if (order > seq) return 'newer';
    if (order <= frontEnd) {
      while (front[inFront]! < order) inFront += 1;
      return front[inFront] === order ? inFront + 1 : 'gone';
    }
    if (waiting <= front.length) return 'gone';
    if (samples === undefined || order > samples.seq) return 'newer';
    while (behind < orders.length && orders[behind]! < order) behind += 1;
    if (behind === orders.length) return 'gone';
    const place = places[behind]! - passed;
    if (orders[behind] === order) return place;
    const placeBefore = behind === 0 ? front.length - passed : places[behind - 1]! - passed;
    return place - placeBefore > 1 ? place - 1 : 'gone';
  };
}

const NONE = { places: [], orders: [] };
