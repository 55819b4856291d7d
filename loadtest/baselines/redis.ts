import { Redis } from 'ioredis';

/** A key space of one shop's own. */
export interface RedisSpace {
  readonly redis: Redis;
  /** First part of every key of the shop. */
  readonly prefix: string;
  /** Another connection to the same server, closed with this one. */
  another(): Redis;
  /** Deletes every key of the prefix, and closes. */
  close(): Promise<void>;
}

const SCAN_COUNT = 1_000;

/** @param databaseUrl names the space: a process that comes back to its database finds its keys. */
export function redisSpace(redisUrl: string, databaseUrl: string): RedisSpace {
  const prefix = `baseline:${new URL(databaseUrl).pathname.slice(1)}`;
  const connections: Redis[] = [];
  const another = (): Redis => {
    // BullMQ's workers wait in blocking commands, which must not be given up after some retries.
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    connections.push(redis);
    return redis;
  };
  const redis = another();
  return {
    redis,
    prefix,
    another,
    async close() {
      for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: SCAN_COUNT })) {
        if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
      }
      for (const connection of connections) connection.disconnect();
    },
  };
}
