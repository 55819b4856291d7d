import { once } from 'node:events';
import type { Sale } from '../../baselines/strategy.ts';
import { type RushOptions, rush } from './rush.ts';
import { ours } from './strategies.ts';

/** One core instance with its share of the buyers, in a process of its own: `ready`, then at a word from outside the rush. */
export interface InstanceOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** The part of the stock after which measuring ends, were the buyers of all instances as fast. */
  readonly share: Sale;
  readonly options: RushOptions;
}

const { databaseUrl, redisUrl, share, options } = JSON.parse(process.argv[2]!) as InstanceOptions;
process.once('disconnect', () => process.exit());
const shop = await ours.open(databaseUrl, share, redisUrl);
process.send!('ready');
await once(process, 'message');
process.send!(await rush(shop, share, options));
await shop.close();
