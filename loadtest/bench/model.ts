import { limits } from '@onsale/shared/limits';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { Redis } from 'ioredis';
import { secretsIn } from '../../bin/stack/secrets.ts';
import type { Bench, Context } from './bench.ts';
import { fanCosts } from './model/fans.ts';
import { holdCosts } from './model/holds.ts';
import { memoryCost } from './model/memory.ts';
import { type Assumed, type Costs, type Demand, needsOf } from './model/needs.ts';
import { purchaseCosts } from './model/purchases.ts';
import { pushCosts } from './model/push.ts';
import { tickCosts } from './model/ticks.ts';
import { startGateway } from './push/processes.ts';
import { summaryOf } from './statistics.ts';
import { atMost } from './verdicts.ts';

const PREFIX = 'model';
const TICKETS_PER_PURCHASE = 1.5;

/** The stadium of 56,000 on the day: everybody comes, and it is sold within ten minutes. */
const DEMAND: Demand = {
  fans: 10_000_000,
  requestsPerSecond: 1_000_000,
  joinPart: 0.5,
  // Behind place 10,000, and there is nearly everybody, a place is told again every ten seconds.
  pushesPerFanPerSecond: 0.1,
  purchases: 56_000 / TICKETS_PER_PURCHASE,
  purchasesWithinSeconds: 600,
};

const ASSUMED: Assumed = {
  busy: 0.6,
  socketsPerGateway: limits.socketsMax,
  pollsPerSecond: 1_000 / limits.snapshotPollMs,
  ticksPerSecond: 1_000 / limits.tickMs,
  coresPerPostgres: 8,
};

export const model: Bench = {
  name: 'model',
  question:
    'How many gateways, Redis and Postgres nodes do ten million fans and a million requests a second need, by what each thing costs here?',
  minutes: { quick: 7, full: 20 },
  async run(context) {
    const redis = new Redis(context.redisUrl);
    context.atEnd(async () => redis.disconnect());
    // What a copy of all pages costs while Redis writes its files anew would be counted where it happens to fall.
    await redis.config('SET', 'auto-aof-rewrite-percentage', '0');
    await redis.config('SET', 'save', '');
    const faults: string[] = [];
    const holds = await holdCosts(context, faults);
    const purchases = await purchaseCosts(context);
    const memory = await memoryCost(context, redis);
    const { ticks, fans, push } = await atGateways(context, redis);

    const { fans: all } = DEMAND;
    const perMember = (cost: { at(size: number): number }): number => cost.at(2) - cost.at(1);
    const costs: Costs = {
      gateway: {
        join: fans.join.at(all),
        status: fans.status.at(all),
        push: perMember(push.tick) * 1_000,
        socketBytes: push.socketBytes,
      },
      redis: {
        join: fans.joinAtRedis.at(all),
        status: fans.statusAtRedis.at(all),
        poll: ticks.pollMicros,
        tick: ticks.byWaiting.at(all) * 1_000,
        lineBytes: memory.at(all),
      },
      core: { purchase: perMember(purchases.core) * 1_000 },
      postgres: {
        purchase: perMember(purchases.postgres) * 1_000,
        hold: perMember(holds.postgres) * 1_000 * TICKETS_PER_PURCHASE,
      },
    };
    for (const fault of faults) context.say(`broken: ${fault}`);
    const outcomes = [
      memory,
      ticks.byWaiting,
      ticks.byAdmitted,
      ...Object.values(fans),
      push.tick,
      ...Object.values(holds),
      ...Object.values(purchases),
    ];
    return {
      results: [
        ...outcomes.flatMap(({ results }) => results),
        { name: 'memory of a socket', unit: 'bytes', ...summaryOf([push.socketBytes]) },
        {
          name: 'CPU of Redis when a gateway asks what is new',
          unit: 'µs',
          ...summaryOf([ticks.pollMicros]),
        },
        ...needsOf(costs, DEMAND, ASSUMED).map(({ name, unit, value }) => ({
          name,
          unit,
          ...summaryOf([value]),
        })),
      ],
      verdicts: [
        atMost('model-never-oversold', 'Runs that broke stock, limit, repeat or count', 0, faults.length),
        ...outcomes.flatMap(({ verdicts }) => verdicts),
      ],
    };
  },
};

/** What needs gateways and long lines. Three gateways, of which the first answers requests while the others have nothing to do. */
async function atGateways(context: Context, redis: Redis) {
  const secrets = secretsIn(context.dir);
  const ring = keyringOf(secrets.HMAC_KEYS);
  const started = () => startGateway(context, secrets, PREFIX, { TRUSTED_PROXIES: '127.0.0.1' });
  // Before anybody joins: the bounds of ten thousands of networks expire for a minute afterwards, at Redis's cost.
  const ticks = await tickCosts(context, redis, ring);
  const gateways = [await started(), await started(), await started()] as const;
  const push = await pushCosts(context, redis, { gateways, ring, prefix: PREFIX });
  const fans = await fanCosts(context, redis, { gateway: gateways[0], ring, prefix: PREFIX });
  return { ticks, fans, push };
}
