import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import { afterAll, expect, test } from 'vitest';
import { lineFixture, placeOf, seeded, upTo } from '../line/test/fixture.ts';

const fixture = lineFixture();
const { line } = fixture;
afterAll(() => fixture.close());

const FANS = 120;
const ACTORS = 4;
const CAPACITY = 7;

/**
 * Fans who join, claim, leave, order or stay away, and workers that take, die and offer, all at once on connections of
 * their own, while windows and sessions run out; an observer looks all the time.
 */
test.each([1, 2])(
  '[ADM-1] offers and sessions never exceed the capacity, and nobody is lost (seed %i)',
  async (seed) => {
    const room = await fixture.room({
      capacity: CAPACITY,
      claimWindowMs: limits.claimWindowMinMs,
      sessionTtlMs: limits.sessionTtlMinMs,
    });
    const { eventId } = room;
    const endAtMs = performance.now() + 4_000;
    const goesOn = (): boolean => performance.now() < endAtMs;
    /** Fans who joined and have not left since: each has a standing for ever. */
    const present = new Set<string>();

    const fan = async (own: typeof line, random: () => number, at: number): Promise<void> => {
      while (goesOn()) {
        const place = placeOf(Math.floor((random() * FANS) / ACTORS) * ACTORS + at);
        const standing = await own.standing(eventId, place);
        const dice = random();
        if (standing === undefined || standing.stage === 'over') {
          const { outcome } = await own.join(eventId, place);
          if (outcome === 'new') present.add(place);
        } else if (standing.stage === 'offered' && dice < 0.6) {
          await own.claim(eventId, place, standing.turn);
        } else if (standing.stage === 'shopping' && dice < 0.3) {
          await own.leave(eventId, place, 'ordered');
        } else if (dice < 0.08) {
          if (await own.leave(eventId, place, 'left')) present.delete(place);
        }
        await delay(3 * random());
      }
    };
    const worker = async (own: typeof line, random: () => number): Promise<void> => {
      while (goesOn()) {
        const taken = await own.take(eventId, Math.ceil(random() * 10), 'empty');
        await delay(6 * random());
        if (taken.outcome !== 'none' && random() < 0.8) await own.offer(eventId, taken.batch);
      }
    };
    let most = 0;
    const observer = async (): Promise<void> => {
      while (goesOn()) {
        const { offers, sessions } = (await line.look(eventId, { shape: false }))!;
        most = Math.max(most, offers + sessions);
        expect(offers + sessions).toBeLessThanOrEqual(CAPACITY);
      }
    };
    await Promise.all([
      ...upTo(ACTORS).map((at) => fan(fixture.another(), seeded(seed * 100 + at), at)),
      ...upTo(3).map((at) => worker(fixture.another(), seeded(seed * 100 + 50 + at))),
      observer(),
    ]);

    expect(most).toBe(CAPACITY);
    const places = [...present];
    const standings = await line.standings(eventId, places);
    expect(places.filter((_, at) => standings[at] === undefined)).toEqual([]);
    const { general: lineKey, batch, turns } = keysOf(fixture.prefix, eventId);
    const inBatch = await fixture.redis.hkeys(batch);
    const inLine = new Set(await fixture.redis.zrange(lineKey, '0', '-1'));
    expect(inBatch.filter((place) => inLine.has(place))).toEqual([]);
    expect(await fixture.redis.hlen(turns)).toBeGreaterThan(CAPACITY * 3);
  },
);
