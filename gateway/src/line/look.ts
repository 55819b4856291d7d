import { Room } from '@onsale/shared/http/internal';

/** One moment of a room. */
export interface Look {
  /** Greater than that of every look before it, and than every order number given before it. */
  seq: number;
  nowMs: number;
  room: Room;
  /** Places in the line, without those of the batch. */
  inLine: number;
  /** Places taken from the line and not yet recorded and offered; undefined when there is no batch. */
  inBatch: number | undefined;
  /** Offers and sessions that live now. */
  offers: number;
  sessions: number;
  /** Sessions claimed within limits.freshShopperMs: their shoppers are about to take tickets. */
  fresh: number;
  /** Admissions of the last minute, by second. */
  flow: ReadonlyArray<{ atMs: number; admitted: number }>;
  /** Orders of places 1, 2, 3 … */
  front: number[];
  /** (place, order) behind the front; the last in line is always among them. */
  samples: [number, number][];
}

type Answer = [
  seq: string,
  nowMs: string,
  room: string,
  counts: [inLine: number, inBatch: number, offers: number, sessions: number, fresh: number],
  flow: string[],
  front: string[],
  samples: string[],
];

/** Reads what `lua/look-8.lua` answers: nothing without a room. */
export function lookOf(answer: Answer | []): Look | undefined {
  if (answer.length === 0) return undefined;
  const [seq, nowMs, room, [inLine, inBatch, offers, sessions, fresh], flow, front, samples] = answer;
  const now = Number(nowMs);
  return {
    seq: Number(seq),
    nowMs: now,
    room: Room.parse(JSON.parse(room)),
    inLine,
    inBatch: inBatch < 0 ? undefined : inBatch,
    offers,
    sessions,
    fresh,
    flow: flow
      .map((entry) => entry.split(':').map(Number) as [number, number])
      .map(([second, admitted]) => ({ atMs: second * 1000, admitted }))
      .filter(({ atMs }) => atMs > now - 60_000)
      .sort((a, b) => a.atMs - b.atMs),
    front: front.map(Number),
    samples: pairsOf(samples),
  };
}

function pairsOf(flat: readonly string[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([Number(flat[at]), Number(flat[at + 1])]);
  return pairs;
}
