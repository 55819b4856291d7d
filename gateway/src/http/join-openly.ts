import { Refusal } from '@onsale/shared/errors';
import { deviceOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import { signToken, type TokenPayload } from '@onsale/shared/tokens/hmac';
import type { Context } from 'hono';
import { fanCookieOf, fanOf } from './identity.ts';
import type { Joining } from './invited.ts';
import type { Needs } from './needs.ts';
import { roomViewOf } from './view/room-view.ts';
import type { RoomNow } from './view/rooms.ts';
import { statusOf } from './view/status.ts';

/**
 * Joins while the line is away. A room that holds refuses; one that is open lets everyone in at once, on the record, for as
 * long as a session lives. Of whoever has a place in the line, the turn that he waits for is had.
 * @throws Refusal unavailable, roomClosed, overloaded
 */
export async function joinOpenly(
  c: Context<AppEnv>,
  needs: Needs,
  now: RoomNow,
  { place, buyer }: Joining,
  token: TokenPayload<'place'> | undefined,
) {
  const { ring, clock, publicUrl, openDoor } = needs;
  const { room } = now;
  const { eventId, epoch } = room;
  const nowMs = clock();
  const { state } = roomViewOf(now, nowMs);
  if (state === 'closed' || state === 'ended') throw new Refusal('roomClosed');
  // What it was when the line went: of a line that was healing then, nothing else is known.
  if (room.whenAway !== 'open' || (state !== 'open' && state !== 'healing')) {
    throw new Refusal('unavailable', {
      detail: 'The line is away for a moment',
      retryAfterMs: limits.retryAfterOutageMs,
    });
  }
  const turn = token?.turn ?? 1;
  await openDoor.admit(eventId, epoch, place, turn);

  const fan = fanOf(c, { ring, nowMs }) ?? buyer;
  c.header('set-cookie', fanCookieOf(fan, ring, publicUrl));
  const { order = null, lane = 'general' } = token ?? {};
  const placeToken = signToken(ring, 'place', { event: eventId, place, buyer, epoch, order, lane, turn });
  const status = await statusOf(
    {
      stage: 'shopping',
      turn,
      sessionExpiresAtMs: nowMs + room.sessionTtlMs,
      device: deviceOf(fan),
      renewed: true,
    },
    now,
    { eventId, place, buyer },
    needs,
  );
  return { placeToken, status };
}
