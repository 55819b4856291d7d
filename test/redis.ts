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

/** Every key begins `{<prefix>:` or `{<prefix>}` (shared/src/redis-keys.ts). */
/** Deletes every key of a prefix. */
export async function wipePrefix(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `{${prefix}[:}]*`, 'COUNT', SCAN_COUNT);
      if (keys.length > 0) await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  } finally {
    redis.disconnect();
  }
}
