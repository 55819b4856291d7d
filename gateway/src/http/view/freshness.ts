import { createHash } from 'node:crypto';
import type { PlaceStatus } from '@onsale/shared/http/line';

/** Equal for statuses that say the same, whenever they were asked for. */
export function etagOf(status: PlaceStatus): string {
  const { serverTimeMs: _, ...said } = status;
  return `W/"${createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)}"`;
}

/** When asking again is worth it, in seconds: each second near the front, up to 20 far behind. */
export function retryAfterS(status: PlaceStatus): number {
  if (status.state === 'offered') return 1;
  if (status.state !== 'waiting') return 5;
  return Math.min(20, Math.ceil(status.place / 500));
}
