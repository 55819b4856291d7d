import type { AdmissionReason, Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';

export interface Flow {
  nowMs: number;
  /** Admissions of the last minute by second, oldest first. */
  flow: ReadonlyArray<{ atMs: number; admitted: number }>;
}

export const admittedLastMinute = ({ flow }: Flow): number =>
  flow.reduce((sum, { admitted }) => sum + admitted, 0);

/**
 * The pace a wait is estimated by, fans per minute; 0 where nothing honest can be said: the room is closed, paused or
 * sold out, or waits for stock and has admitted too few to measure.
 *
 * Measured over the part of the last minute since its first admission, once limits.paceMeasuredMin went. Until then
 * from the policy: the rate, and where the capacity is full no more than leave it if everyone stays to the end. Never
 * above the rate, so a lower rate is in the estimate at once.
 */
export function paceOf(
  policy: Pick<Room, 'ratePerMinute' | 'capacity' | 'sessionTtlMs'>,
  reason: AdmissionReason,
  flow: Flow,
): number {
  if (reason === 'closed' || reason === 'paused' || reason === 'soldOut') return 0;
  const admitted = admittedLastMinute(flow);
  const first = flow.flow[0];
  if (first !== undefined && admitted >= limits.paceMeasuredMin) {
    const spanMs = Math.min(60_000, Math.max(1_000, flow.nowMs - first.atMs));
    return Math.min(policy.ratePerMinute, (admitted * 60_000) / spanMs);
  }
  if (reason === 'stock' || reason === 'pressure') return 0;
  if (reason === 'capacity') {
    return Math.min(policy.ratePerMinute, (policy.capacity * 60_000) / policy.sessionTtlMs);
  }
  return policy.ratePerMinute;
}
