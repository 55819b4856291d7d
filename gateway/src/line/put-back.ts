import { drawnNumberOf } from '@onsale/shared/draw';
import type { Room } from '@onsale/shared/http/internal';
import type { TokenPayload } from '@onsale/shared/tokens/hmac';
import type { Line } from './line.ts';
import type { Remembered } from './remembered.ts';

/** What a token says of a place that may wait; nothing of one that cannot. In a draw its order is computed again. */
export function rememberedBy(room: Room, token: TokenPayload<'place'>): Remembered[] {
  const { place, epoch, turn, lane } = token;
  const order = token.order ?? (room.orderMode === 'draw' ? drawnNumberOf(room.seed, place) : null);
  return order === null ? [] : [{ stage: 'waiting', place, epoch, turn, lane, order }];
}

/**
 * Puts a place back into a line that Redis lost, from its token, if that was given in an epoch before this one. The scripts leave
 * alone who waits, was let in meanwhile, or gave up.
 */
export async function putBack(
  line: Pick<Line, 'restore'>,
  room: Room,
  token: TokenPayload<'place'>,
): Promise<void> {
  const lost = token.epoch < room.epoch ? rememberedBy(room, token) : [];
  if (lost.length > 0) await line.restore(room.eventId, lost);
}
