import { Refusal } from '@onsale/shared/errors';
import type { PlaceStatus } from '@onsale/shared/http/line';
import { type ServerMessage, SocketAuth } from '@onsale/shared/socket';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { type Calibration, outlookIn } from '../http/view/calibration.ts';
import type { Rooms } from '../http/view/rooms.ts';
import { standingBy } from '../http/view/standing-by.ts';
import { type Signing, statusOf } from '../http/view/status.ts';
import type { Line } from '../line/line.ts';
import { nextReadMs } from './next-read.ts';
import type { FanSocket, Watched } from './watched.ts';

export interface GreetNeeds extends Signing {
  readonly line: Line;
  readonly rooms: Rooms;
  readonly calibration: Calibration;
  /** Judges the headers of a load test. */
  readonly loadTest: (header: (name: string) => string | undefined) => unknown;
}

/**
 * Who a connecting socket is for, and its first message: the exact status, as asking would give it.
 * @throws Refusal malformed, loadTestRefused, tokenInvalid, placeUnknown, eventUnknown, unavailable
 */
export async function greet(
  socket: FanSocket,
  needs: GreetNeeds,
): Promise<{ watched: Watched; first: ServerMessage }> {
  const auth = SocketAuth.safeParse(socket.handshake.auth);
  if (!auth.success) throw new Refusal('malformed', { detail: 'auth takes v and placeToken' });
  // Connections of a network are not bounded, so nothing is counted; but what is no load test must not pass for one.
  const { headers } = socket.handshake;
  needs.loadTest((name) => headers[name]?.toString());
  const nowMs = needs.clock();
  const token = verifyToken(needs.ring, 'place', auth.data.placeToken, nowMs);
  const { event: eventId, place, buyer } = token;

  const { standing, now } = await standingBy(needs, token);
  const fan = { eventId, place, buyer };
  const status = await statusOf(standing, now, fan, needs);
  const watched: Watched = {
    socket,
    fan,
    standing,
    knownIn: now.room.epoch,
    shownPlace: shownIn(status),
    toldAtMs: nowMs,
    outlook: status.state === 'waiting' && !status.passedOver ? outlookIn(status, nowMs) : undefined,
    pace: 0.8 + 0.4 * Math.random(),
    readAtMs: nextReadMs(standing, nowMs),
    // The next look says that he is there, with all who came meanwhile.
    seenAtMs: Number.NEGATIVE_INFINITY,
  };
  return { watched, first: { v: 1, type: 'status', status } };
}

/** The place that a status tells; Infinity when it tells none. */
export const shownIn = (status: PlaceStatus): number =>
  status.state === 'waiting' && status.place !== null ? status.place : Number.POSITIVE_INFINITY;
