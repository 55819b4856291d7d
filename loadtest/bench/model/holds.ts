import { onServer } from '../../../bin/stack/database.ts';
import type { Context } from '../bench.ts';
import { faultsOf } from '../claims/faults.ts';
import { rush } from '../claims/rush.ts';
import { ours } from '../claims/strategies.ts';
import { BUYERS, RUN_MAX_MS } from '../claims/visit.ts';
import { postgresCpuMs } from '../cpu.ts';
import { type Cost, costOf } from './cost.ts';
import { inProportion, type Sizes } from './law.ts';
import { each, inThree } from './three.ts';

export interface HoldCosts {
  /** CPU of the core (with the buyers, who are in its process) and of Postgres for selling so many tickets, ms. */
  readonly core: Cost;
  readonly postgres: Cost;
}

/** What it takes to hold so many tickets, to the last: a thousand buyers at once, the claims in full batches. */
export async function holdCosts(context: Context, faults: string[]): Promise<HoldCosts> {
  const sizes: Sizes = context.quick ? [8_000, 32_000, 64_000] : [10_000, 50_000, 100_000];
  const told = await inThree(sizes, context.quick ? 3 : 7, (tickets, round) =>
    soldOut(context, tickets, round, faults),
  );
  const by = { unit: 'ms', counts: 'tickets', law: inProportion, sizes } as const;
  return {
    core: costOf({
      ...by,
      id: 'hold-core',
      what: 'CPU of the core for holds',
      values: each(told, ({ coreMs }) => coreMs),
    }),
    postgres: costOf({
      ...by,
      id: 'hold-postgres',
      what: 'CPU of Postgres for holds',
      values: each(told, ({ postgresMs }) => postgresMs),
    }),
  };
}

async function soldOut(context: Context, capacity: number, seed: number, faults: string[]) {
  const sale = { capacity, buyerLimit: 2 };
  const database = await context.database('migrated');
  try {
    const shop = await ours.open(database.url, sale, context.redisUrl);
    await onServer(database.url, (client) => client.query('CHECKPOINT'));
    const [own, postgres] = [process.cpuUsage(), await postgresCpuMs(database.url)];
    const options = { buyers: BUYERS, windowMs: Number.POSITIVE_INFINITY, boundMs: RUN_MAX_MS, seed };
    const told = await rush(shop, sale, options);
    const { user, system } = process.cpuUsage(own);
    const postgresMs = (await postgresCpuMs(database.url)) - postgres;
    faults.push(...faultsOf(await shop.books(), sale, told));
    await shop.close();
    const coreMs = (user + system) / 1_000;
    context.say(
      `holds · ${capacity} tickets: core ${coreMs.toFixed(0)} ms, Postgres ${postgresMs.toFixed(0)} ms`,
    );
    return { coreMs, postgresMs };
  } finally {
    await database.drop();
  }
}
