import { limits } from '@onsale/shared/limits';
import type { Standing } from '../line/standing.ts';

/**
 * When a standing has to be read exactly again, epoch ms. In the line the snapshots tell; a turn is read at its end and,
 * because another gateway may have ended or claimed it, now and then before; what is over stays so.
 */
export function nextReadMs(standing: Standing | undefined, nowMs: number): number {
  switch (standing?.stage) {
    // Passed over: no snapshot tells of him.
    case 'waiting':
      return standing.away ? nowMs + limits.turnReadMs : Number.POSITIVE_INFINITY;
    case 'offered':
      return Math.min(afterEnd(standing.claimByMs, nowMs), nowMs + limits.turnReadMs);
    case 'shopping':
      return Math.min(afterEnd(standing.sessionExpiresAtMs, nowMs), nowMs + limits.turnReadMs);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Our clock may be ahead of Redis's, which judges: an end that has not come there is looked for again a tick later. */
const afterEnd = (endMs: number, nowMs: number): number => (endMs > nowMs ? endMs : nowMs + limits.tickMs);
