/**
 * Which lengths of free runs a stretch has, as the bits of one number: bit n - 1 is set when n seats beside each other are
 * free with none free beyond them. Longer than 31 counts as 31: no request is as long (limits.holdQuantityMax).
 */
export const LENGTH_MAX = 31;

export const bitOf = (length: number): number => 1 << (Math.min(length, LENGTH_MAX) - 1);

/** Runs in which so many seats are to be had. */
export const atLeastBits = (quantity: number): number => (-1 << (quantity - 1)) & 0x7fffffff;

/** Runs in which so many are to be had without leaving a single one: exactly as many, or two more. */
export const neatBits = (quantity: number): number => bitOf(quantity) | atLeastBits(quantity + 2);

/** Finds the next stretch that has a wanted run, in steps that grow with the logarithm of their number. */
export interface Finder {
  set(at: number, bits: number): void;
  /** The first at or behind `from` that has one of these bits; -1: none. */
  next(from: number, wanted: number): number;
}

/** A tree whose nodes have the bits of all below them. @param leaves of each stretch, in their order */
export function finderOf(leaves: readonly number[]): Finder {
  let width = 1;
  while (width < leaves.length) width *= 2;
  const nodes = new Int32Array(2 * width);
  nodes.set(leaves, width);
  for (let node = width - 1; node > 0; node--) nodes[node] = nodes[2 * node]! | nodes[2 * node + 1]!;

  return {
    set(at, bits) {
      let node = width + at;
      nodes[node] = bits;
      for (node >>= 1; node > 0; node >>= 1) nodes[node] = nodes[2 * node]! | nodes[2 * node + 1]!;
    },
    next(from, wanted) {
      if (from >= width) return -1;
      let node = width + from;
      // Up and to the right until something wanted is below, then down to its leftmost leaf.
      while ((nodes[node]! & wanted) === 0) {
        while ((node & 1) === 1) node >>= 1;
        if (node === 0) return -1;
        node += 1;
      }
      while (node < width) {
        node *= 2;
        if ((nodes[node]! & wanted) === 0) node += 1;
      }
      return node - width;
    },
  };
}
