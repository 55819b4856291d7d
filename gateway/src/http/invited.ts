import { Refusal } from '@onsale/shared/errors';
import { placeIdOf } from '@onsale/shared/ids';
import type { Identity } from './identity.ts';
import type { Needs } from './needs.ts';
import { roomViewOf } from './view/room-view.ts';
import type { RoomNow } from './view/rooms.ts';

/** Which place joins, whose it is, and where a new one may stand. */
export interface Joining {
  readonly buyer: string;
  readonly place: string;
  readonly lane: 'general' | 'priority';
}

/**
 * Who joins, and as whom: the browser's own place, or in a room for invited fans that of the invitation. An invitation is used
 * up at the core before the line is asked, so its uses are exact: a fan whose join then fails comes again, and it is the same
 * use. Whoever has a token of a room for invited fans came with an invitation: what a place belongs to does not change
 * once fans may join.
 * @param invitationId what the code said, its signature checked; undefined without a code
 * @throws Refusal roomClosed, invitationNeeded, invitationInvalid, invitationSpent, invitationOver, unavailable
 */
export async function joiningAs(
  { core, placeKey, clock }: Needs,
  now: RoomNow,
  { buyer, by }: Identity,
  invitationId: string | undefined,
): Promise<Joining> {
  const { eventId } = now.room;
  const place = placeIdOf(placeKey, eventId, buyer);
  if (invitationId === undefined) {
    if (now.room.identity === 'invitation' && by !== 'token') throw new Refusal('invitationNeeded');
    return { buyer, place, lane: 'general' };
  }
  const { state } = roomViewOf(now, clock());
  if (state === 'closed' || state === 'ended') throw new Refusal('roomClosed');
  const { outcome: _, ...joining } = await core.redeem({ eventId, invitationId }, { place, buyer });
  return joining;
}
