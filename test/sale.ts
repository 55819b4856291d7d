import { inject } from 'vitest';
import { type SaleOptions, type Sale as StackSale, startSale as startStackSale } from '../bin/stack/sale.ts';
import { buildWeb } from '../bin/stack/web.ts';
import { freshDatabase } from './database.ts';
import { freshRedis } from './redis.ts';

export type Sale = StackSale;

/**
 * The whole system as real processes on free ports, against a database and a key space of its own, seeded unless said
 * otherwise. `stop()` ends the processes and takes both away.
 */
export async function startSale({
  seeded = true,
  ...options
}: Omit<SaleOptions, 'dir' | 'databaseUrl' | 'redisUrl' | 'redisPrefix'> & {
  seeded?: boolean;
} = {}): Promise<Sale> {
  // A copy that is broken on purpose is not looked at: it needs no pages.
  if (options.root === undefined && options.processes?.gateway !== 0) await buildWeb();
  const database = await freshDatabase({ seeded });
  const redis = freshRedis();
  const takeAway = async (): Promise<void> => {
    await redis.wipe();
    await database.drop();
  };
  try {
    const sale = await startStackSale({
      dir: inject('servers').dir,
      databaseUrl: database.url,
      redisUrl: redis.url,
      redisPrefix: redis.prefix,
      ...options,
    });
    return {
      ...sale,
      async stop() {
        await sale.stop();
        await takeAway();
      },
    };
  } catch (error) {
    await takeAway();
    throw error;
  }
}
