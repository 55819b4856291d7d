import type { LaneShare, RoomView } from '@onsale/shared/http/line';
import { lanes } from '@onsale/shared/lanes';
import { roomStateOf } from '@onsale/shared/room-state';
import type { RoomNow } from './rooms.ts';

/**
 * What a fan may know of the room. The policy counts as soon as it is put, also before a tick has seen it; that all is
 * sold, or that the line is being put together again, is known from the last tick.
 */
export function roomViewOf({ room, snapshot, away }: RoomNow, nowMs: number): RoomView {
  const { version, orderMode, opensAtMs, endsAtMs, message } = room;
  const soldOut = snapshot?.room.state === 'soldOut';
  return {
    state: roomStateOf(room, { nowMs, soldOut, healing: isHealing({ room, snapshot }) }),
    waiting: snapshot?.room.waiting ?? 0,
    version,
    orderMode,
    opensAtMs,
    endsAtMs,
    message,
    ...(away ? { away: room.whenAway } : {}),
  };
}

/**
 * Whether the line is being put together again. A room that was known leaves a snapshot with every tick: without one, or with one
 * of an earlier epoch, Redis was lost and no tick has seen it yet.
 */
export const isHealing = ({ room, snapshot }: RoomNow): boolean =>
  room.epoch > 0 && (snapshot === undefined || snapshot.healing || snapshot.epoch < room.epoch);

/**
 * Whether places may be told. Not while the line is being put together again: more may come in front. And not in a draw
 * before its doors open: whoever saw his number could join again and again for a better one.
 */
export const placesAreTold = ({ state, orderMode }: Pick<RoomView, 'state' | 'orderMode'>): boolean =>
  state !== 'healing' && !(orderMode === 'draw' && state === 'preOpening');

/** The lanes as all may know them: how many wait in each, as of the last tick, and what share of admissions each has. */
export const laneSharesOf = ({ room, snapshot }: RoomNow): LaneShare[] => {
  const { priorityPercent: priority, returningPercent: returning } = room;
  const percent = { priority, returning, general: 100 - priority - returning };
  return lanes.map((lane) => ({
    lane,
    waiting: snapshot?.lanes[lane].waiting ?? 0,
    percent: percent[lane],
  }));
};
