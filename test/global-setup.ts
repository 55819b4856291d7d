import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { createDatabase, databaseAt, dropDatabase, migrate, onServer } from '../bin/stack/database.ts';
import { removeRun, runFolder } from '../bin/stack/run-folder.ts';
import { startServers } from '../bin/stack/servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
  }
}

/** What every test file is given by `inject('servers')`. */
export interface TestServers {
  /** Where databases are made and dropped. */
  databaseUrl: string;
  redisUrl: string;
  /** First part of every database's name and Redis prefix of this run: runs beside each other do not meet. */
  run: string;
  /** The migrated, empty database that others are copied from. */
  template: string;
  /** Folder of this run, gone when it ends. */
  dir: string;
}

/** One Postgres and one Redis per run, real ones, fsync on; each test file has a database and a key space of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await runFolder('test');
  const run = `t${randomBytes(4).toString('hex')}`;
  const template = `onsale_test_${run}_template`;
  const { databaseUrl, redisUrl, ours, stop } = await startServers({ dir });

  const teardown = async (): Promise<void> => {
    if (!ours.includes('postgres')) await dropDatabases(databaseUrl, `onsale_test_${run}_`);
    await stop();
    await removeRun(dir);
  };
  try {
    await createDatabase(databaseUrl, template);
    await migrate(databaseAt(databaseUrl, template));
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('servers', { databaseUrl, redisUrl, run, template, dir });
  return teardown;
}

/** On a person's own server the run takes away what it made, also what a failed test left. */
async function dropDatabases(serverUrl: string, prefix: string): Promise<void> {
  const { rows } = await onServer(serverUrl, (client) =>
    client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      prefix,
    ]),
  );
  for (const { datname } of rows) await dropDatabase(serverUrl, datname);
}
