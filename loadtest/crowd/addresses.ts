/** Every address that a simulated fan may be said to come from, when nothing else is asked for. */
export const EVERY_PRIVATE_ADDRESS = '10.0.0.0/8';

const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/**
 * An address for each fan of a crowd: neighbours of one seed never share one while there are enough, crowds of two seeds
 * mostly do not share theirs.
 * @param block an IPv4 block such as `10.64.0.0/10`. @throws Error naming a block that is none
 */
export function addressOf(seed: number, number: number, block = EVERY_PRIVATE_ADDRESS): string {
  const [first, addresses] = rangeOf(block);
  const mixed = (Math.imul(seed, 0x9e3779b1) + number) >>> 0;
  const address = first + (mixed % addresses);
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Its first address as a number, and how many there are. */
function rangeOf(block: string): readonly [first: number, addresses: number] {
  const numbers = BLOCK.exec(block)?.slice(1).map(Number);
  if (numbers === undefined) throw new Error(`${block} is not an IPv4 block such as 10.64.0.0/10`);
  const bits = numbers.pop()!;
  if (bits > 32 || numbers.some((part) => part > 255)) throw new Error(`${block} is not an IPv4 block`);
  const addresses = 2 ** (32 - bits);
  const address = numbers.reduce((sum, part) => sum * 256 + part, 0);
  return [address - (address % addresses), addresses];
}
