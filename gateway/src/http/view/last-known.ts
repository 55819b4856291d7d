import { Refusal } from '@onsale/shared/errors';
import type { PlaceStatus } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import type { TokenPayload } from '@onsale/shared/tokens/hmac';
import { placesIn } from '../../line/place.ts';
import { rememberedBy } from '../../line/put-back.ts';
import { laneSharesOf, placesAreTold, roomViewOf } from './room-view.ts';
import type { RoomNow } from './rooms.ts';
import type { ToldPlaces } from './told-places.ts';

/**
 * The status of a fan while the line is away, or lost and not yet being healed: where his token's order stood when the line was last looked at, as an upper bound.
 * Whoever is not found there may have been let in, and is told that the line is away.
 * @throws Refusal unavailable
 */
export function lastKnownStatus(
  token: TokenPayload<'place'>,
  now: RoomNow,
  told: ToldPlaces,
  nowMs: number,
): PlaceStatus {
  const { event: eventId, place } = token;
  const { room: row, snapshot, samples } = now;
  const [known] = rememberedBy(row, token);
  const { lane } = token;
  const bound =
    known?.stage === 'waiting' && snapshot !== undefined
      ? placesIn(
          snapshot.seq,
          snapshot.lanes[lane],
          samples && { seq: samples.seq, lane: samples.lanes[lane] },
        )(known.order)
      : 'gone';
  if (snapshot === undefined || bound === 'gone') {
    throw new Refusal('unavailable', { retryAfterMs: limits.retryAfterOutageMs });
  }
  const room = roomViewOf(now, nowMs);
  // Only a line that is away stands still.
  const isTold = now.away === true && bound !== 'newer' && placesAreTold(room) && !snapshot.healing;
  const shown = isTold ? told.least(place, bound) : null;
  return {
    eventId,
    room,
    asOfMs: snapshot.atMs,
    serverTimeMs: nowMs,
    state: 'waiting',
    lane,
    passedOver: false,
    place: shown,
    ahead: shown === null ? null : shown - 1,
    wait: null,
    odds: null,
    lanes: laneSharesOf(now),
    mayComeBack: null,
  };
}
