import type { PlaceStatus } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import { expect, test } from 'vitest';
import { retryAfterS } from './freshness.ts';

const LATENCY_S = 0.5;
const frontOf = (ratePerMinute: number): number =>
  Math.max(limits.presencePlaces, (ratePerMinute * limits.presenceSpanMs) / 60_000);
const waitingAt = (place: number): PlaceStatus =>
  ({ state: 'waiting', place: Math.ceil(place) }) as PlaceStatus;

/** How long before his turn a fan who asks now and then was last seen near the front, s; Infinity: never. */
function lastSeenS(place: number, ratePerMinute: number, pauseS: (place: number) => number): number {
  const perS = ratePerMinute / 60;
  let left = place;
  let seenAt = Number.POSITIVE_INFINITY;
  while (left > 0) {
    if (left <= frontOf(ratePerMinute)) seenAt = left;
    left -= perS * (pauseS(left) + LATENCY_S);
  }
  return seenAt / perS;
}

test('[ADM-28] who asks again when he is told to has been seen before his turn, at any rate and from any place', () => {
  for (const ratePerMinute of [1, 60, 600, 6_000, 20_000, 60_000, 150_000, limits.ratePerMinuteMax]) {
    for (const place of [1, 7, 499, 501, 4_999, 5_001, 12_345, 30_001, 99_999, 1_000_000]) {
      const told = (at: number): number => retryAfterS(waitingAt(at), { ratePerMinute });
      // The first status, at the join, is one that is seen too.
      const seen = lastSeenS(place, ratePerMinute, told);
      expect(seen * 1_000, `from ${place} at ${ratePerMinute} a minute`).toBeLessThan(limits.presenceTtlMs);
      expect(told(place)).toBeLessThanOrEqual(20);
    }
  }
});

test('[ADM-28] who asks every 20 seconds has been, in rooms of up to 14,000 a minute', () => {
  for (const ratePerMinute of [60, 600, 6_000, 14_000]) {
    for (const place of [1, 501, 4_999, 5_001, 12_345, 99_999, 1_000_000]) {
      expect(lastSeenS(place, ratePerMinute, () => 20) * 1_000).toBeLessThan(limits.presenceTtlMs);
    }
  }
});
