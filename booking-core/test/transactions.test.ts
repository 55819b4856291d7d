import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase, onServer } from '../../bin/stack/database.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { openTransaction } from './blocked.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/operations/transactions.md', () => {
  const page = read('docs/operations/transactions.md');
  const rowsOf = (heading: string): string[][] =>
    [
      ...page
        .split(`## ${heading}`)[1]!
        .split('\n## ')[0]!
        .matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|/gm),
    ].map(([, ...cells]) => cells.map((cell) => cell!.trim()));
  const functions = new Map(
    read('booking-core/src/db/schema.sql')
      .split('CREATE OR REPLACE FUNCTION public.')
      .slice(1)
      .map((text) => [/^\w+/.exec(text)![0], text] as const),
  );

  test('[BOOK-31] names every function of the schema, its isolation level, and the event’s lock where it is taken', () => {
    const rows = rowsOf('Functions');
    expect(rows.map(([name]) => name).sort()).toEqual([...functions.keys()].sort());
    for (const [name, isolation, locks] of rows) {
      expect(['read committed', 'any'], name).toContain(isolation);
      const takesIt = /(perform|:=) lock_event\(|pg_advisory_xact_lock\(1/.test(functions.get(name!)!);
      expect(/^event\b/.test(locks!), `${name} takes the event's lock`).toBe(takesIt);
    }
  });

  test('[BOOK-31] names every file that begins a transaction, and each says its level', () => {
    const files = readdirSync(join(root, 'booking-core/src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'db/database.ts')
      .filter((path) => /\btransact\(|\.transaction\(/.test(read(`booking-core/src/${path}`)));
    expect(
      rowsOf('Transactions of several statements')
        .map(([path]) => path)
        .sort(),
    ).toEqual(files.sort());
    for (const path of files) {
      const text = read(`booking-core/src/${path}`);
      expect(text, path).not.toMatch(/\.transaction\(/);
      for (const [, level] of text.matchAll(/\btransact\(\s*([^,)]*)/g))
        expect(level, path).toBe("'read committed'");
    }
  });
});

describe('a server whose defaults are others', () => {
  test('[BOOK-31] [BOOK-32] migrating settles level and bound for every session, whatever the database or the role says', async () => {
    const { databaseUrl } = inject('servers');
    const name = `onsale_test_settled_${process.pid}`;
    const url = await createDatabase(databaseUrl, name);
    try {
      await onServer(url, (client) =>
        client.query(`alter database ${name} set default_transaction_isolation = 'serializable';
          alter database ${name} set statement_timeout = 0;
          alter role current_user in database ${name} set default_transaction_isolation = 'repeatable read'`),
      );
      await migrate(url);
      await migrate(url);
      const database = openDatabase(url, { connections: 2 });
      try {
        const { rows } = await sql<Record<string, string>>`
          select current_setting('transaction_isolation') level, current_setting('statement_timeout') bound`.execute(
          database.db,
        );
        expect(rows).toEqual([
          { level: 'read committed', bound: `${limits.sqlStatementTimeoutMs / 1_000}s` },
        ]);
        const inside = await database.transact(
          'read committed',
          async (tx) =>
            (
              await sql<Record<string, string>>`select current_setting('transaction_isolation') level,
            current_setting('statement_timeout') bound, current_setting('lock_timeout') lock,
            current_setting('idle_in_transaction_session_timeout') idle`.execute(tx)
            ).rows,
        );
        expect(inside).toEqual([{ level: 'read committed', bound: '10s', lock: '3s', idle: '10s' }]);
      } finally {
        await database.close();
      }
    } finally {
      await dropDatabase(databaseUrl, name);
    }
  });
});

describe('under the event’s lock', () => {
  let sale: TestSale;
  beforeAll(async () => {
    sale = await openSale();
  });
  afterAll(() => sale.close());

  test.for(['repeatable read', 'serializable'])(
    '[BOOK-31] nothing is judged at %s: the snapshot would be older than the lock',
    async (level) => {
      const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
      await onServer(sale.url, async (client) => {
        await client.query(`begin isolation level ${level}`);
        await expect(client.query('select lock_event($1)', [event])).rejects.toMatchObject({ code: '25001' });
        await client.query('rollback');
      });
      // A server that was changed after the migrations ran: refused, and sold to nobody twice.
      const changed = new pg.Pool({
        connectionString: sale.url,
        max: 1,
        options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`,
      });
      try {
        const { rows: hold } = await changed.query('select gen_random_uuid() id');
        await expect(
          changed.query('select release_hold($1, $2, $1)', [hold[0].id, event]),
        ).rejects.toMatchObject({ code: '25001' });
      } finally {
        await changed.end();
      }
    },
  );

  test('[BOOK-31] who waited for the lock judges by what was committed meanwhile', async () => {
    const event = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 2 });
    const fan = shopper(sale, event);
    const other = await openTransaction(sale.url);
    await other.query('select lock_event($1)', [event]);
    const asked = fan.hold(2);
    await other.metBy(asked);
    // The same buyer's tickets, written while the claim waits: it must count them.
    await other.query(
      `with mine as (
        insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
        select gen_random_uuid(), $1, $2, 'p', 1, 1, '', array[min(id)], sale_clock() + interval '1 hour'
        from tickets where event = $1 returning id, tickets, expires_at)
      update tickets t set hold = m.id, free_at = m.expires_at from mine m where t.id = any (m.tickets)`,
      [event, fan.buyer],
    );
    await other.commit();
    expect((await asked).body).toMatchObject({ code: 'buyerLimit', buyerMayTake: 1 });
  });
});
