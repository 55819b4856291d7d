import { Redis } from 'ioredis';
import { RAW_ZADD, rawZadd } from '../../baselines/raw-zadd.ts';
import type { Context } from '../bench.ts';
import type { Load } from '../http/load.ts';
import type { Contender } from '../rounds.ts';
import { PREFIX } from './fill.ts';

const MEMBERS = 100_000;

/** What Redis could take: no gateway, no judgement. As a load whose requests nobody is asked for. */
export const rawAdding = ({
  redisUrl,
  say,
}: Context): Contender<Load & { gatewayMicros: number; redisMicros: number }> => ({
  name: RAW_ZADD,
  async run(round) {
    const redis = new Redis(redisUrl);
    try {
      const requestsPerSecond = await rawZadd(redis, `${PREFIX}-raw`, MEMBERS);
      await redis.unlink(`${PREFIX}-raw`);
      say(`round ${round} · ${RAW_ZADD}: ${Math.round(requestsPerSecond)}/s`);
      const unknown = { p99Ms: Number.NaN, gatewayMicros: Number.NaN, redisMicros: Number.NaN };
      return { requestsPerSecond, made: MEMBERS, answers: MEMBERS, wrong: 0, ...unknown };
    } finally {
      redis.disconnect();
    }
  },
});
