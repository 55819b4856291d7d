import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tables } from '@onsale/shared/tables';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase } from '../../bin/stack/database.ts';
import { freshDatabase } from '../../test/database.ts';
import { dumpSchema } from '../src/db/dump.ts';
import { migrate } from '../src/db/migrate.ts';
import { readMigrations } from '../src/db/migrations.ts';
import { openTransaction } from './blocked.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('the schema in git is the schema the migrations make (node booking-core/src/db/write-dump.ts writes it)', async () => {
  expect(await dumpSchema(client)).toBe(
    readFileSync(join(import.meta.dirname, '../src/db/schema.sql'), 'utf8'),
  );
});

test('tables as Kysely sees them are the tables as Postgres has them', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../shared/src/tables.ts'), 'utf8');
  const interfaces = new Map(
    [...text.matchAll(/interface (\w+) \{\n([\s\S]*?)\n\}/g)].map(([, name, body]) => [
      name!,
      [...body!.matchAll(/^ {2}(\w+): /gm)].map((match) => match[1]!).sort(),
    ]),
  );
  const tables = [...text.matchAll(/^ {2}(\w+): (\w+Table);$/gm)].map(
    ([, table, name]) => [table as keyof Tables, interfaces.get(name!)!] as const,
  );
  expect(tables.length).toBeGreaterThan(12);
  for (const [table, columns] of tables) {
    const { rows } = await client.query<{ column_name: string }>(
      `select column_name from information_schema.columns where table_schema = 'public' and table_name = $1`,
      [table],
    );
    expect(rows.map(({ column_name }) => column_name).sort(), table).toEqual(columns);
  }
});

test('migrating twice at once applies each migration once, and again nothing', async () => {
  const { databaseUrl } = inject('servers');
  const name = `onsale_test_migrated_${process.pid}`;
  const url = await createDatabase(databaseUrl, name);
  try {
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.flat().sort()).toEqual(readMigrations().map((migration) => migration.name));
    expect(await migrate(url)).toEqual([]);
    const edited = new pg.Client({ connectionString: url });
    await edited.connect();
    await edited.query(`update migrations set checksum = 'of another text' where name like '0002%'`);
    await edited.end();
    await expect(migrate(url)).rejects.toThrow(/0002_tables.sql was edited/);
  } finally {
    await dropDatabase(databaseUrl, name);
  }
});

test('[BOOK-13] the audit can be added to and not changed', async () => {
  await client.query(`insert into audit (actor, action, subject) values ('somebody', 'test', 'x')`);
  for (const change of [
    `update audit set actor = 'another'`,
    `delete from audit`,
    'truncate audit',
    `update audit set why = 'x' where false or actor = 'somebody'`,
  ]) {
    await expect(client.query(change), change).rejects.toThrow(/append-only/);
  }
  const { rows } = await client.query('select actor from audit');
  expect(rows).toEqual([{ actor: 'somebody' }]);
});

test('[BOOK-3] the clock can be moved in a test database alone', async () => {
  const { databaseUrl, template } = inject('servers');
  const name = `onsale_live_${process.pid}`;
  const url = await createDatabase(databaseUrl, name, template);
  const live = new pg.Client({ connectionString: url });
  await live.connect();
  const move = `insert into sale_clock_offset (offset_by) values (interval '1 hour')`;
  try {
    await expect(live.query(move)).rejects.toThrow(/not a test database/);
    const { rows } = await live.query(
      `select abs(extract(epoch from sale_clock() - clock_timestamp())) < 1 "same"`,
    );
    expect(rows[0].same).toBe(true);
  } finally {
    await live.end();
    await dropDatabase(databaseUrl, name);
  }
});

test('[BOOK-12] a ticket has a whole seat or none, whatever code writes', async () => {
  await client.query(`
    insert into venues values ('half', 'V', 'C', 'R', 'US', 'Etc/UTC', 2);
    insert into events values ('half', 'half', 'E', now(), 'USD', 'seated', 2, 1000);
    insert into tiers values ('half', 't', 'T', 100, 1);
    insert into tickets (event, tier, section, "row", seat) values ('half', 't', 'S', 'A', 1)`);
  for (const change of [
    `insert into tickets (event, tier, section, seat) values ('half', 't', 'S', 2)`,
    `insert into tickets (event, tier, access) values ('half', 't', 'wheelchair')`,
    `update tickets set "row" = null where event = 'half'`,
  ]) {
    await expect(client.query(change), change).rejects.toThrow(/has a part of a seat/);
  }
  const { rows } = await client.query(`select "row", seat from tickets where event = 'half'`);
  expect(rows).toEqual([{ row: 'A', seat: 1 }]);
});

test('[BOOK-1] [PAY-2] what code forgot the constraints refuse: a ticket on two live lines, two live payments of an order', async () => {
  await client.query(`
    insert into venues values ('v', 'V', 'C', 'R', 'US', 'Etc/UTC', 2);
    insert into events values ('e', 'v', 'E', now(), 'USD', 'general', 2, 1000);
    insert into tiers values ('e', 't', 'T', 100, 1);
    insert into tickets (event, tier) values ('e', 't'), ('e', 't');
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
      select gen_random_uuid(), 'e', gen_random_uuid(), 'p', 1, 1, '', array[1], 'infinity' from generate_series(1, 2);
    insert into orders (id, event, buyer, hold, state, face_minor, total_minor, currency, buyer_name, buyer_email, print)
      select gen_random_uuid(), 'e', buyer, id, 'pending', 100, 100, 'USD', 'n', 'm', '' from holds;`);
  const refused = (text: string) => expect(client.query(text), text).rejects.toMatchObject({ code: '23505' });
  await refused(
    `insert into order_lines ("order", ticket, price_minor, total_minor) select o.id, t.id, 100, 100 from orders o, (select min(id) id from tickets) t`,
  );
  await refused(
    `insert into payments (id, "order", provider, method, amount_minor, state, print)
      select gen_random_uuid(), o.id, 'p', 'm', 1, 'asked', '' from (select min(id::text)::uuid id from orders) o, generate_series(1, 2)`,
  );
  await refused(
    `update orders set state = 'paid', settled_at = now(), hold = (select min(id::text)::uuid from holds)`,
  );
});

test('[PAY-15] a price stands as long as orders of its event do, also one that is just being written', async () => {
  await client.query(`
    insert into events select 'f', venue, name, starts_at, currency, admission, buyer_limit, hold_ttl_ms from events where id = 'e';
    insert into tiers values ('f', 't', 'T', 100, 1);
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
      select gen_random_uuid(), 'f', gen_random_uuid(), 'p', 1, 1, '', array[3], 'infinity';
    update tiers set price_minor = 200 where event = 'f';
    update tiers set name = 'Better' where event = 'e'`);
  const stands = { code: '23514', message: expect.stringContaining('the price of t stands') };
  for (const change of [
    'price_minor = 200',
    'fee_minor = 1',
    'tax_basis_points = 1',
    'tax_included = true',
  ]) {
    await expect(client.query(`update tiers set ${change} where event = 'e'`), change).rejects.toMatchObject(
      stands,
    );
  }
  const ordering = await openTransaction(database.url);
  await ordering.query(
    `insert into orders (id, event, buyer, hold, state, face_minor, total_minor, currency, buyer_name, buyer_email, print)
      select gen_random_uuid(), event, buyer, id, 'pending', 200, 200, 'USD', 'n', 'm', '' from holds where event = 'f'`,
  );
  const dearer = client.query("update tiers set price_minor = 300 where event = 'f'");
  await Promise.all([
    expect(dearer).rejects.toMatchObject(stands),
    ordering.metBy(dearer.catch(() => {})).then(() => ordering.commit()),
  ]);
});
