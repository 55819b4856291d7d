import type { Sale } from '../../baselines/strategy.ts';
import { rush } from './rush.ts';
import { baselines, ours } from './strategies.ts';

/** A shop with its buyers in one process, made to be killed: says whom it told that he has tickets, as soon as he knows. */
const { name, databaseUrl, redisUrl, sale, buyers } = JSON.parse(process.argv[2]!) as VictimOptions;

export interface VictimOptions {
  readonly name: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly sale: Sale;
  readonly buyers: number;
}

process.once('disconnect', () => process.exit());
const shop = await [ours, ...baselines]
  .find((strategy) => strategy.name === name)!
  .open(databaseUrl, sale, redisUrl);
const telling = {
  async claim(ask: Parameters<typeof shop.claim>[0]) {
    const answer = await shop.claim(ask);
    if (answer === 'held') process.send!(ask.buyer);
    return answer;
  },
};
const toTheEnd = { windowMs: Number.POSITIVE_INFINITY, boundMs: Number.POSITIVE_INFINITY, seed: 0 };
await rush(telling, sale, { buyers, ...toTheEnd });
