import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import type { Line } from '../../../gateway/src/line/line.ts';
import { EVENT } from './stadium.ts';

/** Places near the front: as many as the highest rate lets in within the span. */
const FRONT = Math.max(
  limits.presencePlaces,
  Math.ceil((limits.ratePerMinuteMax * limits.presenceSpanMs) / 60_000),
);

/**
 * Says who is there as gateways do for their sockets, each second whoever is due near the front; here everyone is. Which sockets
 * those are, the bench reads from the line: it has none.
 */
export async function sayAllAreThere(
  line: Line,
  redis: Redis,
  prefix: string,
  goesOn: () => boolean,
): Promise<void> {
  const { general } = keysOf(prefix, EVENT);
  let saidAtMs = new Map<string, number>();
  while (goesOn()) {
    const nowMs = performance.now();
    const front = await redis.zrange(general, '0', String(FRONT - 1));
    const isDue = (place: string): boolean =>
      nowMs - (saidAtMs.get(place) ?? Number.NEGATIVE_INFINITY) >= limits.presenceRefreshMs;
    const due = front.filter(isDue);
    await line.seen(EVENT, due);
    const newly = new Set(due);
    saidAtMs = new Map(front.map((place) => [place, newly.has(place) ? nowMs : saidAtMs.get(place)!]));
    await delay(Math.max(0, limits.presenceEveryMs - (performance.now() - nowMs)));
  }
}
