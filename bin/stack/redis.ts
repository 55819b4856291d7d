import { spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { recordProcess } from './pid-records.ts';
import { pickPort } from './ports.ts';
import { redisBinary } from './redis-binary.ts';
import { type ServerProcess, serverProcess, tailOf } from './server-process.ts';
import { ownFolder } from './state.ts';

/** Starts a Redis of our own on loopback, its append-only file below `dir`; it never evicts a key. */
export async function startRedis(dir: string, password: string): Promise<ServerProcess> {
  const { command, env } = redisBinary();
  const data = join(ownFolder(dir), 'redis', 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const port = await pickPort(new Set());
  const log = join(dir, 'redis.log');
  // In a file, not in arguments: those are for everyone to read.
  const config = join(dir, 'redis', 'redis.conf');
  writeFileSync(config, `requirepass ${password}\n`, { mode: 0o600 });
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const output = openSync(log, 'a', 0o600);
  const child = spawn(command, [config, ...flags], {
    cwd: data,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  const forget = recordProcess(dir, 'redis', child.pid!, { server: true });
  const server = serverProcess(child, {
    url: `redis://default:${password}@127.0.0.1:${port}`,
    ask: 'SIGTERM',
    force: 'SIGKILL',
    forget,
  });
  await server.ready(
    () => answers(server.url),
    () => tailOf(log),
  );
  return server;
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    await delay(50);
    return false;
  } finally {
    redis.disconnect();
  }
}
