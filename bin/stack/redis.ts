import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Program } from './kept-process.ts';
import { pickPort } from './ports.ts';
import { redisBinary } from './redis-binary.ts';
import { ownFolder } from './state.ts';

/** A Redis of our own on loopback, its append-only file below `dir`; it never evicts a key. @returns how to run it, and its address. */
export async function redisIn(dir: string, password: string): Promise<{ program: Program; url: string }> {
  const { command, env } = redisBinary();
  const data = join(ownFolder(dir), 'redis', 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const port = await pickPort(new Set());
  // In a file, not in arguments: those are for everyone to read.
  const config = join(dir, 'redis', 'redis.conf');
  writeFileSync(config, `requirepass ${password}\n`, { mode: 0o600 });
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: data,
    // The append-only file is all that a restart needs. A dump beside it every minute would be a fork of a million places, and
    // a copy of every page that a join then touches.
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const url = `redis://default:${password}@127.0.0.1:${port}`;
  return {
    url,
    program: {
      name: 'redis',
      command,
      args: [config, ...flags],
      cwd: data,
      env: { ...process.env, ...env },
      server: true,
      logFile: join(dir, 'redis.log'),
      healthy: () => answers(url),
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } finally {
    redis.disconnect();
  }
}
