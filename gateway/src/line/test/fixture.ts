import { createHash } from 'node:crypto';
import { commitmentOf } from '@onsale/shared/draw';
import type { Room } from '@onsale/shared/http/internal';
import { Redis } from 'ioredis';
import { freshRedis } from '../../../../test/redis.ts';
import { Line } from '../line.ts';

export interface LineFixture {
  readonly url: string;
  readonly prefix: string;
  readonly redis: Redis;
  readonly line: Line;
  /** The same line over a connection of its own. */
  another(): Line;
  /** A room with a name of its own, open, with room for many, unless said otherwise. */
  room(changes?: Partial<Room>): Promise<Room>;
  close(): Promise<void>;
  readonly wipe: () => Promise<void>;
}

export const roomOf = (eventId: string, changes: Partial<Room> = {}): Room => ({
  eventId,
  open: true,
  paused: false,
  ratePerMinute: 600_000,
  capacity: 1_000,
  claimWindowMs: 60_000,
  sessionTtlMs: 600_000,
  orderMode: 'arrival',
  opensAtMs: null,
  endsAtMs: null,
  priorityPercent: 30,
  returningPercent: 20,
  identity: 'session',
  whenAway: 'hold',
  message: null,
  version: 1,
  epoch: 1,
  seed: '5'.repeat(64),
  commitment: commitmentOf('5'.repeat(64)),
  rehearsal: false,
  ...changes,
});

export function lineFixture(): LineFixture {
  const { url, prefix, wipe } = freshRedis();
  const connections: Redis[] = [];
  const connect = (): Redis => {
    const redis = new Redis(url);
    connections.push(redis);
    return redis;
  };
  const redis = connect();
  const line = new Line(redis, prefix);
  let rooms = 0;
  return {
    url,
    prefix,
    redis,
    line,
    another: () => new Line(connect(), prefix),
    async room(changes) {
      rooms += 1;
      const room = roomOf(`event-${rooms}`, changes);
      await line.putRoom(room);
      await line.revive(room.eventId, room.epoch, 0);
      return room;
    },
    async close() {
      for (const connection of connections) connection.disconnect();
      await wipe();
    },
    wipe,
  };
}

/** A place id for a number: always the same one. */
export const placeOf = (fan: number): string =>
  createHash('sha256').update(`fan ${fan}`).digest().subarray(0, 16).toString('base64url');

export async function joinAll(line: Line, eventId: string, fans: readonly number[]): Promise<number[]> {
  const answers = await Promise.all(fans.map((fan) => line.join(eventId, placeOf(fan))));
  return answers.map(({ standing }) => {
    if (standing?.stage !== 'waiting') throw new Error(`joined and does not wait: ${standing?.stage}`);
    return standing.order;
  });
}

/** Lets the next fans in without a core: what a tick does when nothing is in its way. @returns their places, in order */
export async function admit(line: Line, eventId: string, wish: number): Promise<string[]> {
  const taken = await line.take(eventId, wish, 'empty');
  if (taken.outcome === 'none') return [];
  await line.offer(eventId, taken.batch);
  return taken.batch.places.map(({ place }) => place);
}

export const upTo = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, at) => from + at);

/** A small seeded generator (mulberry32): the same numbers from the same seed. @returns a number in [0, 1) */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
