import type { Room } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { Snapshot } from '@onsale/shared/snapshot';
import type { Needs } from './needs.ts';

/** What an operator sees of a room. A part that is away is null: the rest is worth most just then. */
export async function operatorRoomOf(policy: Room, { line, core, clock }: Needs): Promise<OperatorRoom> {
  const { eventId } = policy;
  const [snapshot, stock] = await Promise.all([
    line.snapshot(eventId).catch(() => undefined),
    core.stock(eventId).catch(() => null),
  ]);
  return {
    policy,
    live: snapshot === undefined ? null : liveOf(snapshot),
    stock,
    serverTimeMs: clock(),
  };
}

const liveOf = ({ room, offers, sessions, admittedLastMinute, reason, atMs }: Snapshot) => ({
  waiting: room.waiting,
  offers,
  sessions,
  admittedLastMinute,
  reason,
  tickedAtMs: atMs,
  policyVersion: room.version,
});
