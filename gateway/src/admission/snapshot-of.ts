import type { AdmissionReason, Room } from '@onsale/shared/http/internal';
import type { RoomView } from '@onsale/shared/http/line';
import type { Snapshot } from '@onsale/shared/snapshot';
import type { Look } from '../line/look.ts';
import { admittedLastMinute, paceOf } from './pace.ts';

/** What the gateways are left with by a tick. */
export function snapshotOf(
  look: Look,
  { reason, soldOut }: { reason: AdmissionReason; soldOut: boolean },
): Snapshot {
  const { seq, nowMs, room, offers, sessions, front, samples } = look;
  const state = stateOf(room, soldOut);
  return {
    seq,
    atMs: nowMs,
    room: { state, waiting: look.inLine + (look.inBatch ?? 0), version: room.version },
    reason,
    offers,
    sessions,
    admittedLastMinute: admittedLastMinute(look),
    pacePerMinute: paceOf(room, state === 'soldOut' ? 'soldOut' : reason, look),
    front,
    samples,
  };
}

/** Sold out outranks paused: who waits in a paused room is to know that there is nothing to wait for. */
function stateOf({ open, paused }: Room, soldOut: boolean): RoomView['state'] {
  if (!open) return 'closed';
  if (soldOut) return 'soldOut';
  return paused ? 'paused' : 'open';
}
