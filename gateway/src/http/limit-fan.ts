import { readFileSync } from 'node:fs';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { type FanRequest, fanKey } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import { Gathered } from '../line/gathered.ts';

const lua = readFileSync(new URL('./lua/fan.lua', import.meta.url), 'utf8');

/** @throws Refusal tooManyRequests, with how long until one more passes */
export type FanLimit = (kind: FanRequest, eventId: string, place: string) => Promise<void>;

type Limiter = Redis & { limitFans(...args: (string | number)[]): Promise<number[]> };

const bounds: Record<FanRequest, { perMinute: number; atOnce: number }> = {
  join: { perMinute: limits.fanJoinsPerMinute, atOnce: limits.fanJoinsAtOnce },
  status: { perMinute: limits.fanStatusPerMinute, atOnce: limits.fanStatusAtOnce },
  claim: { perMinute: limits.fanClaimsPerMinute, atOnce: limits.fanClaimsAtOnce },
  booking: { perMinute: limits.fanBookingsPerMinute, atOnce: limits.fanBookingsAtOnce },
};

/**
 * Bounds what one fan asks of one event, over all his tabs and all gateways, whatever network he comes from. While Redis
 * is away nobody is refused by this.
 * @param onRefused is told of every refusal, for the metrics
 */
export function fanLimit({
  redis,
  prefix,
  onRefused,
}: {
  redis: Redis;
  prefix: string;
  onRefused: (by: FanRequest) => void;
}): FanLimit {
  redis.defineCommand('limitFans', { lua });
  const limiter = redis as Limiter;
  const counting = (kind: FanRequest): Gathered<string, number> => {
    const { perMinute, atOnce } = bounds[kind];
    // What comes at once is part of the minute's number, so that no minute sees more.
    const intervalMs = 60_000 / (perMinute - atOnce);
    return new Gathered(
      (eventId, places) => {
        const keys = places.map((place) => fanKey(prefix, eventId, kind, place));
        return limiter.limitFans(keys.length, ...keys, intervalMs, atOnce);
      },
      { most: limits.joinsPerScript },
    );
  };
  const counted = {
    join: counting('join'),
    status: counting('status'),
    claim: counting('claim'),
    booking: counting('booking'),
  };
  return async (kind, eventId, place) => {
    const retryAfterMs = await counted[kind].of(eventId, place).catch((fault: unknown) => {
      if (fault instanceof Refusal) throw fault;
      return 0;
    });
    if (retryAfterMs === 0) return;
    onRefused(kind);
    throw new Refusal('tooManyRequests', { retryAfterMs });
  };
}
