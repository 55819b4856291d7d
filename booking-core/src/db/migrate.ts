import { pathToFileURL } from 'node:url';
import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import pg from 'pg';
import { type Migration, readMigrations } from './migrations.ts';

/** Beside it, (1, …) are events and (2, …) rooms: see migrations/. */
const MIGRATION_LOCK = 'pg_advisory_xact_lock(3, 0)';

/**
 * Applies the migrations that the database does not have, each in a transaction of its own. Safe to repeat, to kill, and
 * to run twice at once: the second waits and finds nothing to do.
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
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, { name, text, checksum }: Migration): Promise<boolean> {
  await client.query(`begin; set local lock_timeout = ${limits.migrateLockTimeoutMs}`);
  try {
    await client.query(`select ${MIGRATION_LOCK}`);
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
    const fresh = rows[0] === undefined;
    if (fresh) {
      await client.query(text);
      await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum]);
    }
    await client.query('commit');
    return fresh;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new Error(`migration ${name}: ${(error as Error).message}`, { cause: error });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { DATABASE_URL } = readConfig(process.env, ['DATABASE_URL']);
  const applied = await migrate(DATABASE_URL);
  console.log(applied.length === 0 ? 'schema is current' : `applied ${applied.join(', ')}`);
}
