import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { onServer } from '../bin/stack/database.ts';
import { freshDatabase } from './database.ts';
import { freshRedis } from './redis.ts';
import { until } from './until.ts';

describe('what tests stand on', () => {
  test('databases of two callers do not meet, and commits are durable', async () => {
    const [mine, yours] = await Promise.all([freshDatabase(), freshDatabase()]);
    await onServer(mine.url, (client) => client.query('CREATE TABLE only_mine ()'));
    const seen = await onServer(yours.url, async (client) => ({
      table: (await client.query("SELECT to_regclass('only_mine') AS t")).rows[0].t,
      fsync: (await client.query('SHOW fsync')).rows[0].fsync,
      commit: (await client.query('SHOW synchronous_commit')).rows[0].synchronous_commit,
    }));
    expect(seen).toEqual({ table: null, fsync: 'on', commit: 'on' });

    await Promise.all([mine.drop(), yours.drop()]);
    await expect(onServer(mine.url, async () => {})).rejects.toThrow(/does not exist/);
  });

  test('wiping one key space leaves the others', async () => {
    const [mine, yours] = [freshRedis(), freshRedis()];
    const redis = new Redis(mine.url);
    const keys = (prefix: string) => [
      `{${prefix}:event}:line`,
      `{${prefix}}:rooms`,
      `{${prefix}x:event}:line`,
    ];
    for (const key of [...keys(mine.prefix), ...keys(yours.prefix)]) await redis.set(key, '1');
    await mine.wipe();
    expect(await redis.exists(...keys(mine.prefix))).toBe(1);
    expect(await redis.exists(...keys(yours.prefix))).toBe(3);
    expect((await redis.config('GET', 'maxmemory-policy')) as string[]).toContain('noeviction');
    await yours.wipe();
    redis.disconnect();
  });

  test('a wait that ends in vain says for what it waited and what it saw', async () => {
    await expect(until(() => 0, { withinMs: 50, what: 'a number above zero' })).rejects.toThrow(
      /a number above zero.*last seen: 0/,
    );
  });
});
