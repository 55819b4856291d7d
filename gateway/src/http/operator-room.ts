import type { Room } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { type Lane, lanes } from '@onsale/shared/lanes';
import type { Snapshot } from '@onsale/shared/snapshot';
import type { Needs } from './needs.ts';

/** What an operator sees of a room. A part that is away is null: the rest is worth most just then. */
export async function operatorRoomOf(
  room: Room,
  { line, core, clock, calibration }: Needs,
): Promise<OperatorRoom> {
  // Who knew the seed of a draw before its doors open could try out which place comes first.
  const { seed: _, ...policy } = room;
  const { eventId } = policy;
  const [snapshot, stock] = await Promise.all([
    line.snapshot(eventId).catch(() => undefined),
    core.stock(eventId).catch(() => null),
  ]);
  return {
    policy,
    live: snapshot === undefined ? null : { ...liveOf(snapshot), calibration: calibration.of(eventId) },
    stock,
    serverTimeMs: clock(),
  };
}

const liveOf = ({
  room,
  away,
  lanes: shapes,
  offers,
  sessions,
  noShows,
  admittedLastMinute,
  epoch,
  reason,
  atMs,
}: Snapshot): Omit<NonNullable<OperatorRoom['live']>, 'calibration'> => ({
  state: room.state,
  waiting: room.waiting,
  away,
  lanes: lanesOf(shapes),
  epoch,
  healing: room.state === 'healing',
  offers,
  sessions,
  noShows,
  admittedLastMinute,
  reason,
  tickedAtMs: atMs,
  policyVersion: room.version,
});

const lanesOf = (shapes: Snapshot['lanes']) =>
  Object.fromEntries(
    lanes.map((lane) => {
      const { waiting, admittedLastMinute } = shapes[lane];
      return [lane, { waiting, admittedLastMinute }];
    }),
  ) as Record<Lane, Pick<Snapshot['lanes'][Lane], 'waiting' | 'admittedLastMinute'>>;
