import { createHash } from 'node:crypto';
import type { Room } from '@onsale/shared/http/internal';
import type { PlaceStatus } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';

/** Equal for statuses that say the same, whenever they were asked for. */
export function etagOf(status: PlaceStatus): string {
  const { serverTimeMs: _, asOfMs: __, ...said } = status;
  return `W/"${createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)}"`;
}

/**
 * When asking again is worth it, in seconds: each second near the front, up to 20 far behind. In a fast room sooner: after
 * half of the shortest wait there can be, so that who asks as he is told has been seen near the front before his turn.
 */
export function retryAfterS(status: PlaceStatus, { ratePerMinute }: Pick<Room, 'ratePerMinute'>): number {
  if (status.state === 'offered') return 1;
  if (status.state !== 'waiting') return 5;
  const place = status.place ?? limits.snapshotFrontPlaces;
  const shortestWaitS = (place * 60) / Math.max(1, ratePerMinute);
  return Math.max(1, Math.min(20, Math.ceil(place / 500), Math.floor(shortestWaitS / 2)));
}
