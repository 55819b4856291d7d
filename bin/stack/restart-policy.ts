import { limits } from '@onsale/shared/limits';

const MINUTE_MS = 60_000;

/**
 * What to do with a process that died: how long to pause before it is started again, doubled with every death of the
 * last minute, or `giveUp` when it has been started again as often as a minute allows.
 * @param deathsAtMs when it died, the death in question last.
 */
export function afterDeath(deathsAtMs: readonly number[]): number | 'giveUp' {
  const now = deathsAtMs.at(-1)!;
  const deaths = deathsAtMs.filter((at) => now - at < MINUTE_MS).length;
  if (deaths > limits.restartsPerMinuteMax) return 'giveUp';
  return Math.min(limits.restartPauseMinMs * 2 ** (deaths - 1), limits.restartPauseMaxMs);
}
