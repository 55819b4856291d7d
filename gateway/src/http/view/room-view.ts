import type { RoomView } from '@onsale/shared/http/line';
import type { RoomNow } from './rooms.ts';

/**
 * What a fan may know of the room. The policy counts as soon as it is put, also before a tick has seen it; that all is
 * sold is known from the last tick.
 */
export function roomViewOf({ room, snapshot }: RoomNow): RoomView {
  return {
    state: stateOf({ room, snapshot }),
    waiting: snapshot?.room.waiting ?? 0,
    version: room.version,
  };
}

function stateOf({ room, snapshot }: RoomNow): RoomView['state'] {
  if (!room.open) return 'closed';
  if (snapshot?.room.state === 'soldOut') return 'soldOut';
  return room.paused ? 'paused' : 'open';
}
