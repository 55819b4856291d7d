import { setTimeout as delay } from 'node:timers/promises';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import type { Line } from '../../../gateway/src/line/line.ts';
import type { Crowd } from './fans.ts';
import type { Plan } from './rooms.ts';

const LOOK_EVERY_MS = 10;

/** What the fans of one room do with their offers. */
export interface Habits {
  /** The chance that an offer is claimed at one look; who is not there claims none. */
  readonly claims: number;
  /** How long a shopper stays: between nothing and twice this, evenly. */
  readonly staysMs: number;
}

/** Claims and leaves for all fans of a room until told to end. @returns when slots were filled, epoch ms, ascending */
export async function shop(
  { redis, line, prefix }: { redis: Redis; line: Line; prefix: string },
  { eventId }: Plan,
  { present }: Crowd,
  { claims, staysMs }: Habits,
  random: () => number,
  goesOn: () => boolean,
): Promise<number[]> {
  const keys = keysOf(prefix, eventId);
  const leaves = new Map<string, number>();
  const filledAtMs: number[] = [];
  while (goesOn()) {
    const offered = await redis.zrange(keys.offers, '0', '-1');
    const claimers = offered.filter((place) => present.has(place) && random() < claims);
    await Promise.all(
      claimers.map(async (place) => {
        const { outcome } = await line.claim(eventId, place, 1);
        if (outcome !== 'claimed') return;
        filledAtMs.push(Date.now());
        leaves.set(place, performance.now() + 2 * staysMs * random());
      }),
    );
    const going = [...leaves].filter(([, atMs]) => atMs <= performance.now()).map(([place]) => place);
    await Promise.all(going.map((place) => line.leave(eventId, place, 'ordered')));
    for (const place of going) leaves.delete(place);
    await delay(LOOK_EVERY_MS);
  }
  return filledAtMs.sort((a, b) => a - b);
}

/** Looks at a room, one moment at a time, until told to end. @returns the most slots that were taken beyond its capacity, and how often it looked */
export async function watchCapacity(
  line: Line,
  { eventId }: Plan,
  goesOn: () => boolean,
): Promise<{ mostOver: number; looks: number; fullest: number }> {
  let [mostOver, looks, fullest] = [Number.NEGATIVE_INFINITY, 0, 0];
  while (goesOn()) {
    const look = await line.look(eventId, { shape: false });
    if (look === undefined) throw new Error(`There is no room ${eventId}.`);
    const taken = look.offers + look.sessions;
    mostOver = Math.max(mostOver, taken - look.room.capacity);
    fullest = Math.max(fullest, taken);
    looks += 1;
    await delay(1);
  }
  return { mostOver, looks, fullest };
}

/** When each fan of a room was let in, epoch ms by Redis's clock, ascending. */
export async function admissionsOf(redis: Redis, prefix: string, { eventId }: Plan): Promise<number[]> {
  const moments: number[] = [];
  const { turns } = keysOf(prefix, eventId);
  for await (const entries of redis.hscanStream(turns, { count: 5_000 })) {
    for (let at = 1; at < entries.length; at += 2) moments.push(Number(entries[at].split(':')[1]));
  }
  return moments.sort((a, b) => a - b);
}
