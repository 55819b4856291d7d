import { once } from 'node:events';
import type { Sale } from '../../baselines/strategy.ts';
import { type RushOptions, rush } from './rush.ts';
import { baselines, ours } from './strategies.ts';

/** One process of a design with its share of the buyers, in a process of its own: `ready`, then at a word from outside the rush. */
export interface InstanceOptions {
  /** Its name. */
  readonly strategy: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly sale: Sale;
  /** The part of the stock after which measuring ends, were the buyers of all instances as fast. */
  readonly share: Sale;
  readonly options: RushOptions;
}

const { strategy, databaseUrl, redisUrl, sale, share, options } = JSON.parse(
  process.argv[2]!,
) as InstanceOptions;
process.once('disconnect', () => process.exit());
const design = [ours, ...baselines].find(({ name }) => name === strategy)!;
const shop = await design.open(databaseUrl, sale, redisUrl);
process.send!('ready');
await once(process, 'message');
process.send!(await rush(shop, share, options));
await shop.close();
