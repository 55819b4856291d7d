import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { networkKey } from '@onsale/shared/redis-keys';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Context } from 'hono';
import type { Redis } from 'ioredis';
import { clientAddress, networkName, networkOf } from './network.ts';

const lua = readFileSync(new URL('./lua/limit-1.lua', import.meta.url), 'utf8');

/** @throws Refusal tooManyRequests, with how long until one more passes */
export type NetworkLimit = (c: Context<AppEnv>) => Promise<void>;

type Limiter = Redis & { limitNetwork(key: string, ...args: number[]): Promise<number> };

/**
 * Bounds the requests of one network over all gateways. While Redis is away nobody is refused by this: joins fail there
 * for their own reason.
 * @param onRefused is told of every refusal, for the metrics
 */
export function networkLimit({
  redis,
  prefix,
  key,
  proxies,
  perMinute,
  onRefused,
}: {
  redis: Redis;
  prefix: string;
  key: KeyObject;
  proxies: BlockList;
  perMinute: number;
  onRefused: () => void;
}): NetworkLimit {
  redis.defineCommand('limitNetwork', { numberOfKeys: 1, lua });
  const limiter = redis as Limiter;

  return async (c) => {
    const peer = getConnInfo(c).remote.address ?? '';
    const network = networkOf(clientAddress(peer, c.req.header('x-forwarded-for'), proxies));
    const retryAfterMs = await limiter
      .limitNetwork(
        networkKey(prefix, networkName(key, network)),
        perMinute,
        limits.networkWindowMs,
        limits.networkWindowSlots,
      )
      .catch(() => 0);
    if (retryAfterMs === 0) return;
    onRefused();
    throw new Refusal('tooManyRequests', { retryAfterMs });
  };
}
