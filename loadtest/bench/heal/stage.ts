import { join } from 'node:path';
import { seed } from '../../../bin/stack/database.ts';
import { KeptProcess } from '../../../bin/stack/kept-process.ts';
import { redisIn } from '../../../bin/stack/redis.ts';
import { type Sale, startSale } from '../../../bin/stack/sale.ts';
import { ownFolder } from '../../../bin/stack/state.ts';
import type { Context } from '../bench.ts';

export const EVENT = 'club-night';

/** A sale of two gateways and two workers, on a Redis that can be lost. */
export interface HealStage {
  readonly sale: Sale;
  readonly redisServer: KeptProcess;
}

export async function startStage({ database, dir, atEnd }: Context): Promise<HealStage> {
  const { url: databaseUrl } = await database('migrated');
  await seed(databaseUrl);
  const { program, url: redisUrl } = await redisIn(ownFolder(join(dir, 'lost')), 'lost');
  const redisServer = new KeptProcess(program, { dir, restart: false, onLine() {}, onGiveUp() {} });
  await redisServer.start();
  atEnd(() => redisServer.stop());
  const sale = await startSale({
    dir,
    databaseUrl,
    redisUrl,
    redisPrefix: 'heal',
    processes: { gateway: 2, admission: 2, 'core-worker': 0 },
    env: { LOG_LEVEL: 'warn' },
  });
  atEnd(sale.stop);
  return { sale, redisServer };
}
