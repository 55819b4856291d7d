import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';

export interface FreshRedis {
  readonly url: string;
  /** Option REDIS_PREFIX. */
  readonly prefix: string;
  /** Deletes every key of the prefix. */
  readonly wipe: () => Promise<void>;
}

const SCAN_COUNT = 1_000;

/** A key space of the caller's own on the run's Redis. */
export function freshRedis(): FreshRedis {
  const { redisUrl: url, run } = inject('servers');
  const prefix = `${run}-${randomBytes(6).toString('hex')}`;
  return { url, prefix, wipe: () => wipePrefix(url, prefix) };
}

/** Every key begins `{<prefix>:` or `{<prefix>}` (shared/src/redis-keys.ts). In one step, as a Redis is lost: nothing is written between. */
const WIPE = `
  local keys, cursor = {}, '0'
  repeat
    local found = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', ARGV[2])
    cursor = found[1]
    for _, key in ipairs(found[2]) do keys[#keys + 1] = key end
  until cursor == '0'
  for _, key in ipairs(keys) do redis.call('UNLINK', key) end`;

/** Deletes every key of a prefix, at once. */
export async function wipePrefix(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    await redis.eval(WIPE, 0, `{${prefix}[:}]*`, SCAN_COUNT);
  } finally {
    redis.disconnect();
  }
}
