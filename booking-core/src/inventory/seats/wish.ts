import { pickAccessible } from './accessible.ts';
import { pickPieces } from './pieces.ts';
import { type Own, pickTogether } from './together.ts';
import type { View } from './view.ts';

/** What the best is asked of. */
export interface Wish {
  readonly quantity: number;
  /** Tiers that will do. */
  readonly tiers: readonly string[];
  readonly together: boolean;
  /** How many of them are wheelchair spaces. */
  readonly wheelchairs: number;
}

/** One way to choose seats for a wish. */
export type Picker = (view: View, wish: Wish, own?: Own) => number[] | undefined;

/** @returns indexes of the best seats, or undefined when such are not open. */
export function pick(view: View, wish: Wish, own?: Own): number[] | undefined {
  const { quantity, tiers, together, wheelchairs } = wish;
  const block =
    wheelchairs === 0
      ? pickTogether(view, quantity, tiers, own)
      : pickAccessible(view, quantity, wheelchairs, tiers);
  if (block !== undefined || together) return block;
  return wheelchairs === 0 ? pickPieces(view, quantity, tiers) : pickAround(view, wish);
}

/**
 * Wheelchair spaces that are not to be had in one block: the largest blocks that are, each with its companions, and the
 * rest of the group in pieces among the others. Where too few others are left, each space with as many companions as can
 * be. The view is left as it was.
 */
const pickAround = (view: View, wish: Wish): number[] | undefined =>
  pickBlocks(view, wish, wish.wheelchairs) ?? pickBlocks(view, wish, 1);

/** @param most wheelchair spaces of one block */
function pickBlocks(view: View, { quantity, wheelchairs, tiers }: Wish, most: number): number[] | undefined {
  const seats: number[] = [];
  let spaces = wheelchairs;
  while (spaces > 0) {
    const block = largestAccessible(view, quantity - seats.length, spaces, most, tiers);
    if (block === undefined) break;
    seats.push(...block.seats);
    spaces -= block.wheelchairs;
    view.put(block.seats, 0);
  }
  const others = quantity - seats.length;
  const rest = others === 0 ? [] : pickPieces(view, others, tiers);
  view.put(seats, 1);
  return spaces > 0 || rest === undefined ? undefined : [...seats, ...rest];
}

/** With as many of the wheelchair spaces as can be, then with as many seats; the others of the spaces need a seat each. */
function largestAccessible(
  view: View,
  quantity: number,
  spaces: number,
  most: number,
  tiers: readonly string[],
) {
  for (let wheelchairs = Math.min(spaces, most); wheelchairs > 0; wheelchairs--) {
    for (let size = quantity - (spaces - wheelchairs); size >= wheelchairs; size--) {
      const seats = pickAccessible(view, size, wheelchairs, tiers);
      if (seats !== undefined) return { seats, wheelchairs };
    }
  }
  return undefined;
}

/** The largest quantity, up to `most`, that the same wish would get; 0: none. */
export function largestOf(view: View, wish: Wish, most: number): number {
  for (let quantity = most; quantity >= Math.max(1, wish.wheelchairs); quantity--) {
    if (pick(view, { ...wish, quantity }) !== undefined) return quantity;
  }
  return 0;
}
