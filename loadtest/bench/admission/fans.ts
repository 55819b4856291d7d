import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import type { Line } from '../../../gateway/src/line/line.ts';
import type { Plan } from './rooms.ts';

/** Joins on their way at once: as many as a gateway would have. */
const JOINS_AT_ONCE = 500;

/** Everyone who joined one room, in the order of the line, and who of them is there. */
export interface Crowd {
  readonly places: readonly string[];
  readonly orders: readonly number[];
  readonly present: ReadonlySet<string>;
}

/** Lets all fans of a room join, one behind the other. @param random says who will be gone when his turn comes */
export async function joinAll(
  line: Line,
  { eventId, fans, absent }: Plan,
  random: () => number,
): Promise<Crowd> {
  const places: string[] = [];
  const orders: number[] = [];
  const present = new Set<string>();
  for (let first = 0; first < fans; first += JOINS_AT_ONCE) {
    const some = Array.from({ length: Math.min(JOINS_AT_ONCE, fans - first) }, (_, at) =>
      placeOf(eventId, first + at),
    );
    const answers = await Promise.all(some.map((place) => line.join(eventId, place)));
    for (const [at, { standing }] of answers.entries()) {
      if (standing?.stage !== 'waiting')
        throw new Error(`A fan of ${eventId} does not wait: ${standing?.stage}`);
      places.push(some[at]!);
      orders.push(standing.order);
      if (random() >= absent) present.add(some[at]!);
    }
  }
  return { places, orders, present };
}

const placeOf = (eventId: string, fan: number): string =>
  createHash('sha256').update(`${eventId} ${fan}`).digest().subarray(0, 16).toString('base64url');

/**
 * Says who is there as a gateway does for its sockets: near the front, each second whoever is due, until told to end. Who is
 * gone is never said.
 */
export async function sayWhoIsThere(
  line: Line,
  { eventId }: Plan,
  crowd: Crowd,
  goesOn: () => boolean,
): Promise<void> {
  const { places, orders, present } = crowd;
  const saidAtMs = new Map<string, number>();
  let first = 0;
  while (goesOn()) {
    const beganMs = performance.now();
    const snapshot = await line.snapshot(eventId);
    const lane = snapshot?.lanes.general;
    const front = lane?.front[0] ?? Number.POSITIVE_INFINITY;
    const upTo = lane?.presentUpTo ?? Number.POSITIVE_INFINITY;
    while (first < places.length && orders[first]! < front) saidAtMs.delete(places[first++]!);
    const due: string[] = [];
    for (let at = first; at < places.length && orders[at]! <= upTo; at += 1) {
      const place = places[at]!;
      const isDue = beganMs - (saidAtMs.get(place) ?? Number.NEGATIVE_INFINITY) >= limits.presenceRefreshMs;
      if (!isDue || !present.has(place)) continue;
      due.push(place);
      saidAtMs.set(place, beganMs);
    }
    await line.seen(eventId, due);
    await delay(Math.max(0, limits.presenceEveryMs - (performance.now() - beganMs)));
  }
}
