import { pathToFileURL } from 'node:url';
import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import pg from 'pg';
import { settleDefaults } from './defaults.ts';
import { type Migration, readMigrations } from './migrations.ts';

/** Beside it, (1, …) are events and (2, …) rooms: see migrations/. */
const MIGRATION_LOCK = 'pg_advisory_xact_lock(3, 0)';

/**
 * Applies the migrations that the database does not have, each in a transaction of its own, and settles the defaults of its
 * sessions. Safe to repeat, to kill, and to run twice at once: the second waits and finds nothing to do.
 * @returns names of those applied now. @throws when an applied migration was edited since.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const applied: string[] = [];
    for (const migration of readMigrations()) {
      if (await apply(client, migration)) applied.push(migration.name);
    }
    await alone(client, 'session defaults', () => settleDefaults(client));
    return applied;
  } finally {
    await client.end();
  }
}

function apply(client: pg.Client, { name, text, checksum }: Migration): Promise<boolean> {
  return alone(client, `migration ${name}`, async () => {
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ checksum: string }>(
      'select checksum from migrations where name = $1',
      [name],
    );
    if (rows[0] !== undefined && rows[0].checksum !== checksum) {
      throw new Error(`${name} was edited after it had been applied; write a new migration instead`);
    }
    if (rows[0] !== undefined) return false;
    await client.query(text);
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum]);
    return true;
  });
}

/**
 * A transaction that no other migration runs beside. Read committed, so that after the wait it sees what the other did; as
 * long as it takes, whatever the database's own bound for statements is.
 */
async function alone<T>(client: pg.Client, what: string, work: () => Promise<T>): Promise<T> {
  await client.query(`begin isolation level read committed;
    set local lock_timeout = ${limits.migrateLockTimeoutMs}; set local statement_timeout = 0`);
  try {
    await client.query(`select ${MIGRATION_LOCK}`);
    const made = await work();
    await client.query('commit');
    return made;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { DATABASE_URL } = readConfig(process.env, ['DATABASE_URL']);
  const applied = await migrate(DATABASE_URL);
  console.log(applied.length === 0 ? 'schema is current' : `applied ${applied.join(', ')}`);
}
