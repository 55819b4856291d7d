import { createHmac, hash } from 'node:crypto';

/** What `drawnNumberOf` does, by name: another way of drawing would have another. */
export const DRAW_ALGORITHM = 'hmac-sha256-50' as const;

/** Bits of a drawn number: below every order number given by the clock (µs since 1970 passed 2^50 in 2005). */
export const DRAWN_BITS = 50;

/**
 * The number that a place draws before the doors open: the first 50 bits of HMAC-SHA256(seed, place). Whoever knows the
 * seed can compute it from the place alone, so the order of a draw needs no shuffle and can be recomputed by anyone
 * afterwards. Ties (1 in 2^50 for a pair) are decided by the place id, as Redis orders equal scores.
 * @param seed 32 bytes, hex
 */
export function drawnNumberOf(seed: string, place: string): number {
  const bytes = createHmac('sha256', Buffer.from(seed, 'hex')).update(place).digest();
  return Number(bytes.readBigUInt64BE(0) >> BigInt(64 - DRAWN_BITS));
}

/** What is published before the first join: the SHA-256 of the seed's 32 bytes, hex. */
export const commitmentOf = (seed: string): string => hash('sha256', Buffer.from(seed, 'hex'), 'hex');

/** Whether an order was drawn rather than given by the clock. */
export const isDrawn = (order: number): boolean => order < 2 ** DRAWN_BITS;
