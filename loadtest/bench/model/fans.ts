import { keysOf } from '@onsale/shared/redis-keys';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Redis } from 'ioredis';
import type { Context } from '../bench.ts';
import { load } from '../http/load.ts';
import { newFans } from '../joins/requests.ts';
import { cpuMsOf } from '../push/commands.ts';
import { type LongLine, seedLine } from '../push/line-of.ts';
import type { Measured } from '../push/processes.ts';
import { type Cost, costOf } from './cost.ts';
import { byDepth, type Sizes } from './law.ts';
import { statuses } from './requests.ts';
import { each, inThree } from './three.ts';

const CONNECTIONS = 50;
/** Fans who ask for their status: few enough to sign tokens for, so many that none is bounded. */
const ASKING = 5_000;
/** They wait all the time; the few that the first tick lets in are there, or it would pass over a whole line. */
const SLOWLY_PER_MINUTE = 60;
const LET_IN = 10;

export interface FanCosts {
  /** CPU of the gateway, µs. */
  readonly join: Cost;
  readonly status: Cost;
  /** CPU of Redis, µs. */
  readonly joinAtRedis: Cost;
  readonly statusAtRedis: Cost;
  /** What one gateway process needs for a join when all connections wait for it, µs: its throughput the other way round. */
  readonly joinTime: Cost;
}

interface Asked {
  readonly perSecond: number;
  readonly gatewayMicros: number;
  readonly redisMicros: number;
}

/** What joining and asking take, over HTTP at a gateway that is busy with nothing else, by how many wait already. */
export async function fanCosts(
  context: Context,
  redis: Redis,
  { gateway, ring, prefix }: { gateway: Measured; ring: Keyring; prefix: string },
): Promise<FanCosts> {
  const sizes: Sizes = [10_000, 200_000, 1_000_000];
  const rounds = context.quick ? 5 : 9;
  const lines = new Map<number, LongLine>();
  for (const places of sizes) {
    const line = await seedLine(redis, prefix, ring, {
      eventId: `fans-${places}`,
      places,
      ratePerMinute: SLOWLY_PER_MINUTE,
      presentPlaces: LET_IN,
    });
    await line.tick();
    lines.set(places, line);
  }
  const asking = async (next: () => Buffer, answer: number): Promise<Asked> => {
    const before = await gateway.cpuMs();
    let told!: Awaited<ReturnType<typeof load>>;
    const windowMs = context.quick ? 1_000 : 3_000;
    const redisMs = await cpuMsOf(redis, async () => {
      told = await load(`http://127.0.0.1:${gateway.port}`, {
        connections: CONNECTIONS,
        windowMs,
        next,
        answer,
      });
    });
    if (told.wrong > 0) throw new Error(`${told.wrong} answers were not ${answer}`);
    return {
      perSecond: told.requestsPerSecond,
      gatewayMicros: (((await gateway.cpuMs()) - before) * 1_000) / told.answers,
      redisMicros: (redisMs * 1_000) / told.answers,
    };
  };
  const joined = await inThree(sizes, rounds, async (places) => {
    const { eventId } = lines.get(places)!;
    const fans = newFans(eventId);
    const told = await asking(() => fans.next().value, 201);
    await redis.zremrangebyrank(keysOf(prefix, eventId).general, places, -1);
    context.say(
      `join · ${places} wait: ${told.gatewayMicros.toFixed(0)} µs of the gateway, ${told.redisMicros.toFixed(1)} µs of Redis, ${Math.round(told.perSecond)}/s`,
    );
    return told;
  });
  const requests = new Map(sizes.map((places) => [places, statuses(lines.get(places)!, ASKING)]));
  const asked = await inThree(sizes, rounds, (places) =>
    asking(() => requests.get(places)!.next().value, 200),
  );

  const by = { unit: 'µs', counts: 'waiting', law: byDepth, sizes } as const;
  const gatewayOf = ({ gatewayMicros }: Asked): number => gatewayMicros;
  const redisOf = ({ redisMicros }: Asked): number => redisMicros;
  return {
    join: costOf({
      ...by,
      id: 'join',
      what: 'CPU of the gateway for a join',
      values: each(joined, gatewayOf),
    }),
    status: costOf({
      ...by,
      id: 'status',
      what: 'CPU of the gateway for a status',
      values: each(asked, gatewayOf),
    }),
    joinAtRedis: costOf({
      ...by,
      id: 'join-redis',
      what: 'CPU of Redis for a join',
      values: each(joined, redisOf),
    }),
    statusAtRedis: costOf({
      ...by,
      id: 'status-redis',
      what: 'CPU of Redis for a status',
      values: each(asked, redisOf),
    }),
    joinTime: costOf({
      ...by,
      id: 'join-throughput',
      what: 'time of a busy gateway process for a join',
      values: each(joined, ({ perSecond }) => 1e6 / perSecond),
    }),
  };
}
