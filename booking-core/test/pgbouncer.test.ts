import { randomUUID } from 'node:crypto';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase } from '../../bin/stack/database.ts';
import { pgbouncerSettings } from '../../bin/stack/pgbouncer.ts';
import { type Bouncer, describeWithPgbouncer, startPgbouncer } from '../../test/pgbouncer.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { readMigrations } from '../src/db/migrations.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { playSales } from './play.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

/** The core through a real PgBouncer in transaction mode, with fewer connections to Postgres than the core has clients. */
describeWithPgbouncer('behind PgBouncer', () => {
  let bouncer: Bouncer;
  let sale: TestSale;
  beforeAll(async () => {
    bouncer = await startPgbouncer();
    sale = await openSale({ cores: 2, through: bouncer.through });
  });
  afterAll(async () => {
    await sale?.close();
    await bouncer?.stop();
  });

  test('[BOOK-8] [BOOK-30] 1,000 claims over two cores take exactly the stock', async () => {
    const event = await sale.putOnSale({ tiers: { a: 1_200 }, buyerLimit: 4, holdTtlMs: 600_000 });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => shopper(sale, event, { core: n % 2 }).hold((n % 3) + 1)),
    );
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    let held = answers.reduce((sum, { status, body }) => sum + (status === 201 ? body.tickets.length : 0), 0);
    for (; held < 1_200; held++) expect((await shopper(sale, event).hold(1)).status).toBe(201);
    expect((await shopper(sale, event, { core: 1 }).hold(1)).body).toMatchObject({ free: 0, held: 1_200 });
    expect(await brokenPromises(sale.database)).toEqual({});
    expect(sale.faults).toEqual([]);
  });

  test('[BOOK-5] [BOOK-30] one buyer asking 300 times at once stays within his limit', async () => {
    const event = await sale.putOnSale({ tiers: { a: 1_000 }, buyerLimit: 6 });
    const buyer = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => shopper(sale, event, { buyer, core: n % 2 }).hold(1)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(6);
    expect(await brokenPromises(sale.database)).toEqual({});
  });

  test('[BOOK-30] [PAY-1] an order is paid, late money goes back, a refund frees the tickets, an event is cancelled', async () => {
    const event = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const ordered = async (quantity: number, core = 0) => {
      const fan = shopper(sale, event, { core });
      const { body: hold } = await fan.hold(quantity);
      return { fan, hold, order: (await fan.order(hold.holdId)).body };
    };
    const paid = await ordered(1);
    expect((await paid.fan.pay(paid.order)).body.state).toBe('paid');
    expect((await paid.fan.tickets(paid.order)).body.tickets).toHaveLength(1);

    const late = await ordered(3, 1);
    sale.provider.beforeCharge = async () => {
      sale.provider.beforeCharge = async () => {};
      await sale.moveClock(60_001);
      await shopper(sale, event).hold(3);
    };
    expect((await late.fan.pay(late.order)).body.state).toBe('refunded');

    const { internalApp } = sale.cores[1]!;
    const post = (path: string, body: object) =>
      internalApp.request(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ actor: 'opal', ...body }),
      });
    const refund = await post(`/internal/orders/${paid.order.orderId}/refunds`, {
      key: 'k',
      refund: { why: 'a wish' },
    });
    expect([refund.status, (await refund.json()).state]).toEqual([200, 'refunded']);
    expect((await shopper(sale, event).hold(1)).status).toBe(201);
    const cancelled = await post(`/internal/events/${event}/cancellation`, { cancellation: { why: 'rain' } });
    expect(cancelled.status).toBe(200);
    await reconcile(sale.database.db, sale.payments, 0);
    expect(await brokenPromises(sale.database)).toEqual({});
    expect(await unsettledMoney(sale.database)).toEqual([]);
    expect(sale.faults).toEqual([]);
  });

  test('[BOOK-30] any interleaving keeps the promises', { timeout: 240_000 }, () =>
    playSales(sale, { usual: 4, deep: 40, seed: 20_270_719 }),
  );

  test('[BOOK-30] migrations run through it, also twice at once, and settle the defaults of its sessions', async () => {
    const { databaseUrl } = inject('servers');
    const name = `onsale_test_bounced_${process.pid}`;
    const direct = await createDatabase(databaseUrl, name);
    try {
      const url = bouncer.through(direct);
      const applied = await Promise.all([migrate(url), migrate(url)]);
      expect(applied.flat().sort()).toEqual(readMigrations().map((migration) => migration.name));
    } finally {
      await dropDatabase(databaseUrl, name);
    }
  });

  test('[BOOK-30] every connection to Postgres has our bounds and nobody’s session state', async () => {
    const clients = await Promise.all(
      Array.from({ length: pgbouncerSettings.default_pool_size }, async () => {
        const client = new pg.Client({ connectionString: bouncer.through(sale.url) });
        await client.connect();
        return client;
      }),
    );
    try {
      // Open transactions: each sits on a connection to the server of its own, and together they have all of them.
      const looked = await Promise.all(
        clients.map(async (client) => {
          await client.query('begin');
          const { rows } = await client.query(`select pg_backend_pid() pid,
            current_setting('default_transaction_isolation') isolation, current_setting('statement_timeout') bound,
            current_setting('lock_timeout') lock, (select count(*)::int from pg_prepared_statements where name <> '') named,
            (select count(*)::int from pg_listening_channels()) listening,
            (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) locks`);
          return rows[0];
        }),
      );
      expect(new Set(looked.map(({ pid }) => pid)).size).toBe(clients.length);
      for (const { pid: _pid, ...seen } of looked) {
        expect(seen).toEqual({
          isolation: 'read committed',
          bound: `${limits.sqlStatementTimeoutMs / 1000}s`,
          lock: '0',
          named: 0,
          listening: 0,
          locks: 0,
        });
      }
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  test('[BOOK-30] what PgBouncer would break breaks here, so the tests above mean something', async () => {
    const url = bouncer.through(sale.url);
    const bounded = new pg.Client({ connectionString: url, statement_timeout: 1_000 });
    await expect(bounded.connect()).rejects.toThrow(/unsupported startup parameter/);

    // Two clients on fewer connections: what one leaves in its session the other meets.
    const [one, two] = [openDatabase(url, { connections: 1 }), openDatabase(url, { connections: 1 })];
    try {
      const named = { name: 'once', text: 'select 1' };
      await one.pool.query(named);
      await expect(two.pool.query(named)).rejects.toMatchObject({ code: '42P05' });
      await sql`select set_config('onsale.left', 'behind', false)`.execute(one.db);
      const { rows } = await sql<{
        found: string;
      }>`select current_setting('onsale.left', true) found`.execute(two.db);
      expect(rows[0]!.found).toBe('behind');
    } finally {
      await sql`deallocate all`.execute(one.db);
      await sql`reset all`.execute(one.db);
      await Promise.all([one.close(), two.close()]);
    }
  });
});
