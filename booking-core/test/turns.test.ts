import { randomBytes } from 'node:crypto';
import type { Batch, KnownTurn, RoomPatch } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { internalOf } from './internal.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());
const internal = internalOf(() => sale);

const placeId = (): string => randomBytes(16).toString('base64url');

async function record(event: string, batch: number, places: readonly string[], turn = 1): Promise<void> {
  const body: Batch = {
    batch,
    epoch: 1,
    takenAtMs: Date.now(),
    reason: 'rate',
    places: places.map((place, at) => ({
      place,
      turn,
      order: batch * 1_000 + at,
      lane: 'general',
      back: false,
    })),
  };
  expect(await internal('POST', `/internal/rooms/${event}/batches`, { body })).toMatchObject({ status: 200 });
}
const patch = (event: string, changes: RoomPatch) =>
  internal('PATCH', `/internal/rooms/${event}`, { body: { actor: 'olga', patch: changes } });

async function turnsOf(event: string): Promise<KnownTurn[][]> {
  const pages: KnownTurn[][] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `?after=${after}`;
    const path = `/internal/rooms/${event}/turns${query}`;
    const { body } = await internal<{ turns: KnownTurn[]; next: string | null }>('GET', path);
    pages.push(body.turns);
    after = body.next;
  } while (after !== null);
  return pages;
}

test('[LINE-34] a turn may be claimed for as long as the longest window and session that the room ever gave', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  await patch(event, { claimWindowMs: 60_000, sessionTtlMs: 600_000 });
  const [now, before] = [placeId(), placeId()];
  await record(event, 1, [before]);
  await record(event, 2, [now]);
  await record(event, 3, [now], 2);
  const session =
    600_000 + Math.min(600_000 * (limits.sessionRenewalPercent / 100), limits.sessionRenewalMaxMs);
  // A shorter time is for those who come afterwards.
  await patch(event, { claimWindowMs: 2_000, sessionTtlMs: 5_000 });
  await sql`update batches set recorded_at = recorded_at - interval '1 day' where event = ${event} and batch = 1`.execute(
    sale.database.db,
  );
  const known = new Map((await turnsOf(event)).flat().map((turn) => [turn.place, turn]));
  expect(known.get(before)).toMatchObject({ turn: 1, stage: 'expired', untilMs: 0 });
  const last = known.get(now)!;
  expect(last).toMatchObject({ turn: 2, stage: 'claimed', claimByMs: last.offeredAtMs + 2_000 });
  expect(last.untilMs).toBeGreaterThanOrEqual(last.offeredAtMs + 60_000 + session - 1);
});

test('[LINE-30] every turn is told, once, a page at a time', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const places = Array.from({ length: limits.turnsPageMax + 20 }, placeId);
  for (let at = 0; at < places.length; at += limits.batchMaxPlaces) {
    await record(event, at + 1, places.slice(at, at + limits.batchMaxPlaces));
  }
  const pages = await turnsOf(event);
  expect(pages.map((page) => page.length)).toEqual([limits.turnsPageMax, 20]);
  expect(new Set(pages.flat().map(({ place }) => place))).toEqual(new Set(places));
});
