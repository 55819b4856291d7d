import { Refusal } from '@onsale/shared/errors';
import type { Room, RoomPatch } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';

/** What is known of a room besides its policy when somebody wants to change it. */
export interface RoomMoment {
  /** Whether its doors were ever not shut, so that fans may have joined. That they did, Redis alone would know. */
  readonly joinable: boolean;
  /** By the database's clock. */
  readonly nowMs: number;
}

/**
 * Refuses what would unsettle fans who may have joined: another order, another owner of places, or, of a draw, another
 * opening once its doors were open. Then everyone who joined has been drawn, and soon the seed is public: nobody may be
 * drawn any more. Of an opening that is close nobody knows for certain whether the line's clock has passed it, so it is
 * settled limits.clockSkewMs before. A draw needs a moment when it opens; without one nobody would ever be told its seed.
 * @throws Refusal orderSettled
 */
export function refuseUnsettling(was: Room, patch: RoomPatch, { joinable, nowMs }: RoomMoment): void {
  if (!joinable) return;
  const changes = (setting: 'orderMode' | 'identity' | 'opensAtMs'): boolean =>
    patch[setting] !== undefined && patch[setting] !== was[setting];
  if (changes('orderMode') || changes('identity')) throw new Refusal('orderSettled');
  if (was.orderMode !== 'draw' || !changes('opensAtMs')) return;
  const areOpen = was.opensAtMs === null || nowMs >= was.opensAtMs - limits.clockSkewMs;
  if (areOpen || patch.opensAtMs === null) {
    throw new Refusal('orderSettled', { detail: 'The doors of a draw open once' });
  }
}

/** @throws Refusal malformed when the sale would end before it begins */
export function refuseEndBeforeOpening(
  was: Pick<Room, 'opensAtMs' | 'endsAtMs'>,
  { opensAtMs, endsAtMs }: RoomPatch,
): void {
  const begins = opensAtMs === undefined ? was.opensAtMs : opensAtMs;
  const ends = endsAtMs === undefined ? was.endsAtMs : endsAtMs;
  if (begins === null || ends === null || ends > begins) return;
  throw new Refusal('malformed', { issues: [{ path: 'json.endsAtMs', message: 'must be after opensAtMs' }] });
}
