import { lanes } from '@onsale/shared/lanes';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import { roomViewOf } from '../../../gateway/src/http/view/room-view.ts';
import { outlookOf } from '../../../gateway/src/http/view/status.ts';
import type { Line } from '../../../gateway/src/line/line.ts';
import { Muster } from './muster.ts';
import { EVENT } from './stadium.ts';

const PAGE = 10_000;

export interface Told {
  /** Everyone found in a lane, passed over, in the batch, or with a turn. */
  readonly found: Muster;
  /** Those of them who still wait, and how many were not told that all is sold. */
  readonly waiting: number;
  readonly misled: number;
}

/**
 * Tells everyone who still waits, as a gateway tells him who asks, from what the last tick left; and finds every fan of the line on
 * the way. Lanes are read a page at a time, so that Redis serves others between.
 */
export async function tellEveryone(line: Line, redis: Redis, prefix: string): Promise<Told> {
  const keys = keysOf(prefix, EVENT);
  const { room, snapshot, samples } = await line.news(EVENT, undefined);
  if (room === undefined) throw new Error('The line knows no room.');
  const now = { room, snapshot, samples };
  const found = new Muster();
  let [waiting, misled] = [0, 0];
  const tell = (place: string, at: { place: number; lane: (typeof lanes)[number] }): void => {
    found.add(place);
    waiting += 1;
    const nowMs = Date.now();
    const view = roomViewOf(now, nowMs);
    const { wait, odds } = outlookOf(at, now, view, nowMs);
    if (view.state !== 'soldOut' || wait !== null || odds !== null) misled += 1;
  };

  for (const lane of lanes) {
    for (let first = 0; ; first += PAGE) {
      const page = await redis.zrange(keys[lane], String(first), String(first + PAGE - 1));
      for (const [at, place] of page.entries()) tell(place, { place: first + at + 1, lane });
      if (page.length < PAGE) break;
    }
  }
  const [away, batch, turns] = await Promise.all(
    [keys.away, keys.batch, keys.turns].map((key) => redis.hkeys(key)),
  );
  for (const place of away!) tell(place, { place: 1, lane: 'general' });
  for (const place of [...batch!, ...turns!]) if (place !== '#') found.add(place);
  return { found, waiting, misled };
}
