import type { Clock } from '@onsale/shared/clock';
import type { PlaceStatus } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { PassKeys } from '@onsale/shared/tokens/pass';
import type { Standing } from '../../line/standing.ts';
import { estimateMsOf } from './estimate.ts';
import { roomViewOf } from './room-view.ts';
import type { RoomNow } from './rooms.ts';

/** Whose status it is. */
export interface Fan {
  readonly eventId: string;
  readonly place: string;
  readonly buyer: string;
}

/** What statuses are signed and dated with. */
export interface Signing {
  readonly ring: Keyring;
  readonly pass: PassKeys;
  readonly clock: Clock;
}

/**
 * The one status that joining, asking and the socket give. Pass and session are functions of what Redis knows of the
 * turn: whoever asks, and however often, the same turn gives the same text.
 */
export async function statusOf(
  standing: Standing,
  now: RoomNow,
  fan: Fan,
  { ring, pass, clock }: Signing,
): Promise<PlaceStatus> {
  const { eventId, place, buyer } = fan;
  const room = roomViewOf(now);
  const common = { eventId, room, serverTimeMs: clock() };

  switch (standing.stage) {
    case 'waiting':
      return {
        ...common,
        room: { ...room, waiting: standing.waiting },
        state: 'waiting',
        place: standing.place,
        ahead: standing.place - 1,
        estimateMs: estimateMsOf(standing.place, now),
      };
    case 'offered': {
      const { turn, offeredAtMs, claimByMs } = standing;
      const iat = Math.floor(offeredAtMs / 1000);
      const exp = Math.ceil(claimByMs / 1000);
      const signed = await pass.sign({ sub: buyer, aud: eventId, place, turn, iat, exp });
      return { ...common, state: 'offered', pass: signed, claimByMs };
    }
    case 'shopping': {
      const { turn, sessionExpiresAtMs } = standing;
      const payload = { event: eventId, place, turn, buyer, expiresAtMs: sessionExpiresAtMs };
      return {
        ...common,
        state: 'shopping',
        session: signToken(ring, 'session', payload),
        sessionExpiresAtMs,
      };
    }
    case 'over': {
      const { turn, reason } = standing;
      return { ...common, state: 'over', reason, mayJoinAgain: turn < limits.turnsMax };
    }
  }
}
