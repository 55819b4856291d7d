import { Refusal } from '@onsale/shared/errors';
import { type ServerMessage, SocketAuth } from '@onsale/shared/socket';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { type Rooms, standingAt } from '../http/view/rooms.ts';
import { type Signing, statusOf } from '../http/view/status.ts';
import type { Line } from '../line/line.ts';
import { nextReadMs } from './next-read.ts';
import type { FanSocket, Watched } from './watched.ts';

export interface GreetNeeds extends Signing {
  readonly line: Line;
  readonly rooms: Rooms;
}

/**
 * Who a connecting socket is for, and its first message: the exact status, as asking would give it.
 * @throws Refusal malformed, tokenInvalid, placeUnknown, eventUnknown, unavailable
 */
export async function greet(
  socket: FanSocket,
  needs: GreetNeeds,
): Promise<{ watched: Watched; first: ServerMessage }> {
  const auth = SocketAuth.safeParse(socket.handshake.auth);
  if (!auth.success) throw new Refusal('malformed', { detail: 'auth takes v and placeToken' });
  const nowMs = needs.clock();
  const { event: eventId, place, buyer } = verifyToken(needs.ring, 'place', auth.data.placeToken, nowMs);

  const [now, standing] = await Promise.all([
    needs.rooms.now(eventId),
    standingAt(needs.line, eventId, place),
  ]);
  const fan = { eventId, place, buyer };
  const status = await statusOf(standing, now, fan, needs);
  const watched: Watched = {
    socket,
    fan,
    standing,
    shownPlace: status.state === 'waiting' ? status.place : Number.POSITIVE_INFINITY,
    toldAtMs: nowMs,
    readAtMs: nextReadMs(standing, nowMs),
  };
  return { watched, first: { v: 1, type: 'status', status } };
}
