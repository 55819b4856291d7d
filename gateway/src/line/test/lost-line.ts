import type { KnownTurn, Room } from '@onsale/shared/http/internal';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type OwnRedis, ownRedis } from '../../../../test/own-redis.ts';
import { until } from '../../../../test/until.ts';
import { Line } from '../line.ts';
import type { Remembered } from '../remembered.ts';
import type { Standing } from '../standing.ts';
import { placeOf, roomOf } from './fixture.ts';

/** One line in a Redis of its own, which a test may lose; a new one before each test of a file that calls `useLostLine`. */
export const EVENT = 'lost-and-found';

export let server: OwnRedis;
export let redis: Redis;
export let line: Line;
export let room: Room;

export function useLostLine(): void {
  beforeAll(async () => {
    server = await ownRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on('error', () => {});
    await redis.flushall();
    line = new Line(redis, 'heal');
    room = roomOf(EVENT, { capacity: 20, ratePerMinute: 600_000 });
    await line.putRoom(room);
    await line.revive(EVENT, 1, 0);
  });
  afterEach(() => redis.disconnect());
}

/** A next version of the room, not yet told to the line. */
export function changeRoom(changes: Partial<Room>): Room {
  room = { ...room, ...changes, version: room.version + 1 };
  return room;
}

export const join = async (fan: number): Promise<Remembered> => {
  const { standing, epoch } = await line.join(EVENT, placeOf(fan));
  if (standing?.stage !== 'waiting') throw new Error(`does not wait: ${standing?.stage}`);
  const { stage, turn, lane, order } = standing;
  return { stage, turn, lane, order, place: placeOf(fan), epoch };
};
export const joinMany = async (fans: readonly number[]): Promise<Remembered[]> => {
  const tokens: Remembered[] = [];
  for (const fan of fans) tokens.push(await join(fan));
  return tokens;
};
export const standing = async (fan: number): Promise<Standing | undefined> =>
  line.standing(EVENT, placeOf(fan));
export const placesIn = (lane = 'general'): Promise<string[]> =>
  redis.zrange(`{heal:${EVENT}}:${lane}`, '0', '-1');

/** What the booking core would tell of a turn that was recorded just now. */
export const known = (
  place: string,
  stage: KnownTurn['stage'] = 'claimed',
  turn = 1,
  windowMs = 60_000,
): KnownTurn => ({
  place,
  turn,
  stage,
  offeredAtMs: Date.now(),
  claimByMs: Date.now() + windowMs,
  untilMs: Date.now() + windowMs + 600_000,
});

/** A new life, as the worker begins it; it heals until all turns are told, and a millisecond. */
export async function revive(epoch = 2): Promise<void> {
  await line.revive(EVENT, epoch, 1, { room: changeRoom({ epoch }), floor: Date.now() * 1_000 });
}
export const allKnown = (turns: KnownTurn[] = [], epoch = room.epoch) =>
  line.knowTurns(EVENT, epoch, turns, true);
export const healed = (): Promise<unknown> =>
  until(async () => (await line.look(EVENT, { shape: false }))?.healing === false, { what: 'a healed line' });
