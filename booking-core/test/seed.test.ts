import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { programme } from '../src/catalog/programme.ts';
import { seed, seedPatience } from '../src/catalog/seed.ts';
import { seatsOf, stadium } from '../src/catalog/stadium.ts';
import { type Database, openDatabase } from '../src/db/database.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { connections: 4, ...seedPatience });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

test('[BOOK-12] [BOOK-20] 56,000 seats in four tiers and 500 units, once, however often and at once the seed runs', async () => {
  const made = await Promise.all([seed(database), seed(database), seed(database)]);
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
  const { rows: kept } = await sql<Record<string, unknown>>`
    select tier, count(*) filter (where access = 'wheelchair')::int spaces, count(*) filter (where access = 'companion')::int companions
    from tickets where access is not null group by tier order by tier`.execute(database.db);
  expect(kept).toEqual([
    { tier: 'field', spaces: 76, companions: 76 },
    { tier: 'loge', spaces: 54, companions: 54 },
    { tier: 'reserve', spaces: 110, companions: 110 },
    { tier: 'top-deck', spaces: 40, companions: 40 },
  ]);
  const { rows: alone } = await sql`
    select from tickets space where access = 'wheelchair' and not exists (
      select from tickets beside where beside.access = 'companion' and beside.section = space.section
        and beside."row" = space."row" and abs(beside.seat - space.seat) = 1)`.execute(database.db);
  expect(alone).toEqual([]);
  const { rows: tiers } = await sql<{ tier: string; closest: number; furthest: number }>`
    select tier, min(distance) closest, max(distance) furthest from tickets group by tier order by 2, 1`.execute(
    database.db,
  );
  expect(tiers).toEqual([
    { tier: 'general', closest: 0, furthest: 0 },
    { tier: 'field', closest: 1, furthest: 23 },
    { tier: 'loge', closest: 24, furthest: 35 },
    { tier: 'reserve', closest: 36, furthest: 55 },
    { tier: 'top-deck', closest: 56, furthest: 75 },
  ]);
  const events = await database.db.selectFrom('events').select(['id', 'buyer_limit', 'starts_at']).execute();
  expect(Object.fromEntries(events.map(({ id, buyer_limit }) => [id, buyer_limit]))).toEqual({
    'dodgers-live': 6,
    'club-night': 2,
  });
  const rooms = await database.db.selectFrom('rooms').selectAll().orderBy('event').execute();
  expect(rooms).toMatchObject(
    programme
      .map(({ event, room }) => ({ event: event.id, ...room, version: 1 }))
      .sort((a, b) => (a.event < b.event ? -1 : 1)),
  );
});
