import type { OperatorRoom } from '@onsale/shared/http/operator';
import { type RoomState, roomStateOf } from '@onsale/shared/room-state';

/** A room in one word: by the policy that was saved last, and by what the last tick knew of stock and line. */
export const stateOf = ({ policy, live, serverTimeMs }: OperatorRoom): RoomState =>
  roomStateOf(policy, {
    nowMs: serverTimeMs,
    soldOut: live?.state === 'soldOut',
    healing: live?.healing ?? false,
  });
