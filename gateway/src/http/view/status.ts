import type { Clock } from '@onsale/shared/clock';
import type { PlaceStatus, RoomView, Waiting as WaitingSchema } from '@onsale/shared/http/line';
import { deviceOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { PassKeys } from '@onsale/shared/tokens/pass';
import type { z } from 'zod';
import type { Standing } from '../../line/standing.ts';
import { oddsOf, waitOf } from './outlook.ts';
import { laneSharesOf, placesAreTold, roomViewOf } from './room-view.ts';
import type { RoomNow } from './rooms.ts';
import type { ToldPlaces } from './told-places.ts';

type Waiting = z.infer<typeof WaitingSchema>;

/** Whose status it is. */
export interface Fan {
  readonly eventId: string;
  readonly place: string;
  readonly buyer: string;
}

/** What statuses are signed and dated with, and where the places they tell are noted. */
export interface Signing {
  readonly ring: Keyring;
  readonly pass: PassKeys;
  readonly clock: Clock;
  readonly told: ToldPlaces;
}

/**
 * The one status that joining, asking and the socket give. Pass and session are functions of what Redis knows of the
 * turn: whoever asks, and however often, the same turn gives the same text.
 */
export async function statusOf(
  standing: Standing,
  now: RoomNow,
  fan: Fan,
  { ring, pass, clock, told }: Signing,
): Promise<PlaceStatus> {
  const { eventId, place, buyer } = fan;
  const nowMs = clock();
  const room = roomViewOf(now, nowMs);
  const common = { eventId, room, asOfMs: now.snapshot?.atMs ?? nowMs, serverTimeMs: nowMs };

  if (standing.stage !== 'waiting') told.note(place, null);
  switch (standing.stage) {
    case 'waiting': {
      const outlook = outlookOf(standing, now, room, nowMs);
      told.note(place, outlook.place);
      return {
        ...common,
        room: { ...room, waiting: standing.waiting },
        state: 'waiting',
        lane: standing.lane,
        passedOver: standing.away,
        ...outlook,
        lanes: laneSharesOf(now),
        mayComeBack: mayComeBackOf(now),
      };
    }
    case 'offered': {
      const { turn, offeredAtMs, claimByMs } = standing;
      const iat = Math.floor(offeredAtMs / 1000);
      const exp = Math.ceil(claimByMs / 1000);
      const signed = await pass.sign({ sub: buyer, aud: eventId, place, turn, iat, exp });
      return { ...common, state: 'offered', pass: signed, claimByMs };
    }
    case 'shopping': {
      const { turn, sessionExpiresAtMs, renewed } = standing;
      const device = standing.device ?? deviceOf(buyer);
      const payload = { event: eventId, place, turn, buyer, device, expiresAtMs: sessionExpiresAtMs };
      return {
        ...common,
        state: 'shopping',
        session: signToken(ring, 'session', payload),
        sessionExpiresAtMs,
        mayRenew: !renewed,
      };
    }
    case 'over': {
      const { turn, reason } = standing;
      return {
        ...common,
        state: 'over',
        reason,
        mayJoinAgain: reason !== 'removed' && turn < limits.turnsMax,
      };
    }
  }
}

/** What a fan is told of his place, all or nothing. */
export function outlookOf(
  { place, lane }: Pick<Extract<Standing, { stage: 'waiting' }>, 'place' | 'lane'>,
  now: RoomNow,
  room: RoomView,
  nowMs: number,
): Pick<Waiting, 'place' | 'ahead' | 'wait' | 'odds'> {
  if (place === 0 || !placesAreTold(room)) return { place: null, ahead: null, wait: null, odds: null };
  return {
    place,
    ahead: place - 1,
    wait: isMoving(room) ? waitOf({ place, lane }, now, nowMs) : null,
    odds: room.state === 'soldOut' ? null : oddsOf({ place, lane }, now, nowMs),
  };
}

/** Whether admission goes on, or will at a known time. */
const isMoving = ({ state }: RoomView): boolean => state === 'open' || state === 'preOpening';

/** When none is free: what others hold, and by when it would be back. */
export function mayComeBackOf({ snapshot }: RoomNow): Waiting['mayComeBack'] {
  const stock = snapshot?.forecast.stock;
  if (stock == null || stock.free > 0 || stock.held === 0 || stock.heldUntilMs === null) return null;
  return { tickets: stock.held, byMs: stock.heldUntilMs };
}
