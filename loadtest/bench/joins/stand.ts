import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@onsale/booking-core/db/database';
import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { startSale } from '../../../bin/stack/sale.ts';
import { Line } from '../../../gateway/src/line/line.ts';
import type { Context } from '../bench.ts';
import { putOnSale } from '../claims/put-on-sale.ts';
import { cpuMsOf } from '../cpu.ts';
import { startStages } from '../http/stages.ts';
import { fillLine, PREFIX } from './fill.ts';

export const EVENT = 'on-sale';
export const STAGES = ['empty', 'validated', 'limited', 'placed'] as const;

/** A sale whose room takes fans and admits nobody, its worker ticking, and a server for each stage of a join. */
export interface Stand {
  readonly gatewayUrl: string;
  readonly stageUrls: Readonly<Record<(typeof STAGES)[number], string>>;
  /** Makes the line so long, exactly. */
  standAt(waiting: number): Promise<void>;
  /** CPU time that gateway and Redis have used so far, in seconds. Of the gateway NaN where no /proc says so. */
  cpu(): Promise<{ gateway: number; redis: number }>;
}

export async function setUp(context: Context): Promise<Stand> {
  const { dir, redisUrl, atEnd, say } = context;
  const { url: databaseUrl } = await context.database('migrated');
  const database = openDatabase(databaseUrl, { connections: 1 });
  await putOnSale(database, EVENT, { capacity: 1_000, buyerLimit: 2 });
  await sql`update rooms set open = true, paused = true where event = ${EVENT}`.execute(database.db);
  await database.close();

  const sale = await startSale({
    dir,
    databaseUrl,
    redisUrl,
    redisPrefix: PREFIX,
    processes: { 'core-worker': 0 },
    env: { LOG_LEVEL: 'warn' },
  });
  atEnd(sale.stop);
  const script = join(import.meta.dirname, 'stage-server.ts');
  const { REDIS_PREFIX, REDIS_URL, PLACE_KEY } = sale.env;
  const stageUrls = await startStages(context, script, STAGES, { REDIS_PREFIX, REDIS_URL, PLACE_KEY });

  const redis = new Redis(redisUrl);
  atEnd(async () => redis.disconnect());
  const line = new Line(redis, PREFIX);
  const { general } = keysOf(PREFIX, EVENT);
  let standing = 0;
  // Lines of two lengths are measured in turn: the other one is kept aside.
  const swap = async (aside: string, from: string): Promise<void> => {
    if ((await redis.exists(general)) === 1) await redis.rename(general, aside);
    if ((await redis.exists(from)) === 1) await redis.rename(from, general);
  };
  // A line that is filled within seconds makes Redis write its file anew: that is of the filling, not of the joins measured.
  const untilSaved = async (): Promise<void> => {
    while (/^(aof_rewrite_in_progress|aof_rewrite_scheduled):1/m.test(await redis.info('persistence')))
      await delay(50);
  };
  while ((await line.look(EVENT, { shape: false }))?.healing !== false) await delay(100);
  return {
    gatewayUrl: sale.gatewayUrl,
    stageUrls,
    async standAt(waiting) {
      if (waiting !== standing) {
        await swap(`${general}:${standing}`, `${general}:${waiting}`);
        standing = waiting;
      }
      await redis.zremrangebyrank(general, waiting, -1);
      const there = await redis.zcard(general);
      await fillLine(line, EVENT, { fans: waiting - there, say });
      await untilSaved();
    },
    async cpu() {
      const info = await redis.info('cpu');
      const field = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
      const used = field('used_cpu_sys') + field('used_cpu_user');
      return { gateway: cpuMsOf(sale.pid('gateway')) / 1_000, redis: used };
    },
  };
}
