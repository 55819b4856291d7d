import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { repositoryRoot } from './state.ts';

const run = promisify(execFile);

/** The same server, another database. */
export function databaseAt(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements on a connection of their own, which is closed whatever happens. */
export async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes a database, as a copy of the template if one is named. @returns its address. */
export async function createDatabase(
  serverUrl: string,
  name: string,
  template = 'template1',
): Promise<string> {
  const [database, from] = [pg.escapeIdentifier(name), pg.escapeIdentifier(template)];
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${database} TEMPLATE ${from}`));
  return databaseAt(serverUrl, name);
}

/** Drops it, ending whoever is still connected. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const database = pg.escapeIdentifier(name);
  await onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`));
}

export async function databaseExists(serverUrl: string, name: string): Promise<boolean> {
  const found = await onServer(serverUrl, (client) =>
    client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]),
  );
  return found.rowCount === 1;
}

/** Brings a database to the newest schema. Safe to repeat. */
export const migrate = (databaseUrl: string, root = repositoryRoot): Promise<void> =>
  runOnce(join(root, 'booking-core/src/db/migrate.ts'), databaseUrl);

/** Fills in venue, events and tickets. Safe to repeat. */
export const seed = (databaseUrl: string, root = repositoryRoot): Promise<void> =>
  runOnce(join(root, 'booking-core/src/catalog/seed.ts'), databaseUrl);

async function runOnce(script: string, databaseUrl: string): Promise<void> {
  try {
    await run(process.execPath, [script], { env: { ...process.env, DATABASE_URL: databaseUrl } });
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    throw new Error(`${script} failed:\n${stderr || stdout}`, { cause: error });
  }
}
