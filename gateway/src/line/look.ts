import { Room } from '@onsale/shared/http/internal';
import { type Lane, lanes } from '@onsale/shared/lanes';
import type { LaneShape } from '@onsale/shared/snapshot';

/** Admissions of one second, by lane. */
export type Flow = { readonly atMs: number } & Readonly<Record<Lane, number>>;

/** One moment of a room. */
export interface Look {
  /** Greater than that of every look before it, and than every order number given before it. */
  seq: number;
  nowMs: number;
  room: Room;
  /** Of this Redis; 0 when it knows nothing of the room. */
  epoch: number;
  /** The line is being put together again: nobody is admitted. `lost`: nobody has begun to. */
  healing: boolean;
  lost: boolean;
  /** Whether the time to gather places is over. */
  gathered: boolean;
  /** Whether all turns that the core knows are here. */
  turnsKnown: boolean;
  /** Places in the lanes, without those passed over and those of the batch. */
  inLanes: number;
  /** Places passed over. */
  away: number;
  /** Places taken from the line and not yet recorded and offered; undefined when there is no batch. */
  inBatch: number | undefined;
  /** Offers and sessions that live now. */
  offers: number;
  sessions: number;
  /** Sessions claimed within limits.freshShopperMs whose shoppers have not taken tickets: they are about to. */
  fresh: number;
  /** Admissions of the last minute, by second, oldest first. */
  flow: readonly Flow[];
  /** Fans who have given up their place while they waited, since this Redis knows the room. */
  left: number;
  /** Offers that ran out, since this Redis knows the room. */
  noShows: number;
  /** What the forecast remembers, as it was written; undefined before the first snapshot. */
  memory: string | undefined;
  lanes: Readonly<Record<Lane, Omit<LaneShape, 'admittedLastMinute'>>>;
  /** Of the samples behind the lanes' fronts. */
  samplesSeq: number;
}

type Answer = [
  seq: string,
  nowMs: string,
  room: string,
  life: [epoch: number, healing: number, lost: number, gathered: number, turnsKnown: number],
  counts: [inLanes: number, away: number, inBatch: number, offers: number, sessions: number, fresh: number],
  flow: string[],
  lanes: [lane: Lane, waiting: number, presentUpTo: string, front: string[], passed: number][],
  past: [left: string, noShows: string, memory: string],
  samplesSeq: string,
];

/** Reads what `lua/look.lua` answers: nothing without a room. */
export function lookOf(answer: Answer | []): Look | undefined {
  if (answer.length === 0) return undefined;
  const [seq, nowMs, room, life, counts, flow, shapes, [left, noShows, memory], samplesSeq] = answer;
  const [inLanes, away, inBatch, offers, sessions, fresh] = counts;
  const [epoch, healing, lost, gathered, turnsKnown] = life;
  const now = Number(nowMs);
  return {
    seq: Number(seq),
    nowMs: now,
    room: Room.parse(JSON.parse(room)),
    epoch,
    healing: healing === 1,
    lost: lost === 1,
    gathered: gathered === 1,
    turnsKnown: turnsKnown === 1,
    inLanes,
    away,
    inBatch: inBatch < 0 ? undefined : inBatch,
    offers,
    sessions,
    fresh,
    flow: flow
      .map((entry) => entry.split(':').map(Number) as [number, number, number, number])
      .map(([second, general, priority, returning]) => ({
        atMs: second * 1000,
        general,
        priority,
        returning,
      }))
      .filter(({ atMs }) => atMs > now - 60_000)
      .sort((a, b) => a.atMs - b.atMs),
    left: Number(left),
    noShows: Number(noShows),
    memory: memory === '' ? undefined : memory,
    lanes: Object.fromEntries(
      shapes.map(([lane, waiting, presentUpTo, front, passed = 0]) => [
        lane,
        {
          waiting,
          presentUpTo: presentUpTo === '' ? null : Number(presentUpTo),
          front: front.map(Number),
          passed,
        },
      ]),
    ) as Look['lanes'],
    samplesSeq: Number(samplesSeq),
  };
}

/** Fans admitted in one second, of all lanes. */
export const admittedIn = (second: Flow): number => lanes.reduce((sum, lane) => sum + second[lane], 0);
