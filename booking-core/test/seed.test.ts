import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { programme } from '../src/catalog/programme.ts';
import { seed } from '../src/catalog/seed.ts';
import { seatsOf, stadium } from '../src/catalog/stadium.ts';
import { type Database, openDatabase } from '../src/db/database.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { connections: 4 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

test('[BOOK-12] 56,000 seats in four tiers and 500 units, once, however often and at once the seed runs', async () => {
  const beganMs = performance.now();
  const made = await Promise.all([seed(database), seed(database), seed(database)]);
  expect(performance.now() - beganMs).toBeLessThan(5_000);
  expect(made.flat().sort()).toEqual(['club-night', 'dodgers-live']);
  expect(await seed(database)).toEqual([]);

  const { rows } = await sql<Record<string, unknown>>`
    select t.event, t.tier, i.price_minor price, count(*)::int tickets, count(distinct (section, "row", seat))::int seats
    from tickets t join tiers i on i.event = t.event and i.id = t.tier
    group by t.event, t.tier, i.price_minor, i.position order by t.event, i.position`.execute(database.db);
  expect(rows).toEqual([
    { event: 'club-night', tier: 'general', price: 40_00, tickets: 500, seats: 1 },
    { event: 'dodgers-live', tier: 'field', price: 350_00, tickets: 15_288, seats: 15_288 },
    { event: 'dodgers-live', tier: 'loge', price: 225_00, tickets: 10_752, seats: 10_752 },
    { event: 'dodgers-live', tier: 'reserve', price: 150_00, tickets: 21_960, seats: 21_960 },
    { event: 'dodgers-live', tier: 'top-deck', price: 100_00, tickets: 8_000, seats: 8_000 },
  ]);
  expect(seatsOf(stadium)).toBe(56_000);
  const events = await database.db.selectFrom('events').select(['id', 'buyer_limit', 'starts_at']).execute();
  expect(Object.fromEntries(events.map(({ id, buyer_limit }) => [id, buyer_limit]))).toEqual({
    'dodgers-live': 6,
    'club-night': 2,
  });
  const rooms = await database.db.selectFrom('rooms').selectAll().orderBy('event').execute();
  expect(rooms).toEqual(
    programme
      .map(({ event, room }) => ({ event: event.id, ...room, version: 1 }))
      .sort((a, b) => (a.event < b.event ? -1 : 1)),
  );
});
