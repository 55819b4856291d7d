import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { networkKey } from '@onsale/shared/redis-keys';
import type { AppEnv } from '@onsale/shared/service/env';
import { headerOf } from '@onsale/shared/service/header';
import type { Context } from 'hono';
import type { Redis } from 'ioredis';
import { Gathered } from '../line/gathered.ts';
import type { LoadTestAddress } from './load-test.ts';
import { clientAddress, networkName, networkOf } from './network.ts';
import { OwnLimit } from './own-limit.ts';

const lua = readFileSync(new URL('./lua/limit.lua', import.meta.url), 'utf8');

/** @throws Refusal tooManyRequests, with how long until one more passes; loadTestRefused */
export type NetworkLimit = (c: Context<AppEnv>) => Promise<void>;

type Limiter = Redis & { limitNetworks(...args: (string | number)[]): Promise<number[]> };

/**
 * Bounds the requests of one network over all gateways; while Redis is away, at each of them. Those of one moment are counted
 * by one call. A request of a load test is counted by the address that it names, apart from whoever really has that address.
 * @param onRefused is told of every refusal, for the metrics
 */
export function networkLimit({
  redis,
  prefix,
  key,
  proxies,
  loadTest,
  perMinute,
  onRefused,
}: {
  redis: Redis;
  prefix: string;
  key: KeyObject;
  proxies: BlockList;
  loadTest: LoadTestAddress;
  perMinute: number;
  onRefused: (by: 'network') => void;
}): NetworkLimit {
  redis.defineCommand('limitNetworks', { lua });
  const limiter = redis as Limiter;
  const own = new OwnLimit(perMinute);
  const bounds = [perMinute, limits.networkWindowMs, limits.networkWindowSlots];
  const counted = new Gathered<string, number>(
    (_, names) =>
      limiter.limitNetworks(names.length, ...names.map((name) => networkKey(prefix, name)), ...bounds),
    { most: limits.joinsPerScript },
  );

  const addressOf = (c: Context<AppEnv>): string =>
    clientAddress(getConnInfo(c).remote.address ?? '', headerOf(c, 'x-forwarded-for'), proxies);

  return async (c) => {
    const named = loadTest((name) => headerOf(c, name));
    const network = named === undefined ? networkOf(addressOf(c)) : `loadTest\0${networkOf(named)}`;
    const name = networkName(key, network);
    let retryAfterMs: number;
    try {
      retryAfterMs = await counted.of('', name);
    } catch (fault) {
      if (fault instanceof Refusal) throw fault;
      retryAfterMs = own.ask(name, Date.now());
    }
    if (retryAfterMs === 0) return;
    onRefused('network');
    throw new Refusal('tooManyRequests', { retryAfterMs });
  };
}
