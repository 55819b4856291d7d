import { bounds } from './bounds.ts';
import type { Random } from './random.ts';

/** Doubling, capped, half of it by lot; never sooner than asked. */
export function backOffMs(attempt: number, askedMs: number, random: Random): number {
  const full = Math.min(bounds.backOffLastMs, bounds.backOffFirstMs * 2 ** Math.min(attempt - 1, 10));
  return askedMs + full / 2 + (full / 2) * random();
}
