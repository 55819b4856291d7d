import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { createDatabase, onServer } from './database.ts';
import { isAlive } from './identity.ts';
import { endRecorded } from './pid-records.ts';
import { removeServers, type Servers, startServers } from './servers.ts';

let dir: string;
const running: Servers[] = [];
const start = async (options: Partial<Parameters<typeof startServers>[0]> = {}): Promise<Servers> => {
  const servers = await startServers({ dir, env: {}, ...options });
  running.push(servers);
  return servers;
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'onsale-servers-'));
});
afterEach(async () => {
  for (const servers of running.splice(0)) await servers.stop();
  await endRecorded(dir, 5_000);
  removeServers(dir);
  rmSync(dir, { recursive: true });
});

const rows = (url: string): Promise<unknown[]> =>
  onServer(url, async (client) => (await client.query('SELECT text FROM kept')).rows);

test('[RUN-1] servers left running by a killed bin/up are replaced on the same data, with nothing lost', async () => {
  const left = await start();
  const kept = await createDatabase(left.databaseUrl, 'kept');
  await onServer(kept, (client) => client.query(`CREATE TABLE kept AS SELECT 'here' AS text`));
  const redis = new Redis(left.redisUrl);
  await redis.set('{kept}', 'here');
  redis.disconnect();

  // The notes tell of Redis; Postgres is found by the lock on its data as well.
  const postgres = left.pid('postgres')!;
  rmSync(join(dir, 'pids', String(postgres)));
  expect(await endRecorded(dir, 5_000)).toEqual(['redis']);
  expect(isAlive(postgres)).toBe(true);

  const next = await start();
  expect(isAlive(postgres)).toBe(false);
  expect(await rows(kept.replace(new URL(left.databaseUrl).host, new URL(next.databaseUrl).host))).toEqual([
    { text: 'here' },
  ]);
  const again = new Redis(next.redisUrl);
  expect(await again.get('{kept}')).toBe('here');
  again.disconnect();
});

test('[RUN-2] a Postgres or Redis that is killed comes back at the same address', async () => {
  const servers = await start({ restart: true });
  await onServer(servers.databaseUrl, (client) => client.query(`CREATE TABLE kept AS SELECT 'here' AS text`));
  await Promise.all([servers.kill('postgres'), servers.kill('redis')]);
  expect(await until(() => rows(servers.databaseUrl), { what: 'Postgres again' })).toEqual([
    { text: 'here' },
  ]);
  const redis = new Redis(servers.redisUrl);
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
});

test('servers of the person are used, and none is started', async () => {
  const env = { DATABASE_URL: 'postgres://a@localhost/b', REDIS_URL: 'redis://localhost' };
  const { databaseUrl, redisUrl, ours } = await start({ env });
  expect({ databaseUrl, redisUrl, ours }).toEqual({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    ours: [],
  });
});
