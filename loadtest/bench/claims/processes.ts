import { onServer } from '../../../bin/stack/database.ts';
import type { Strategy } from '../../baselines/strategy.ts';
import type { Context } from '../bench.ts';
import type { Contender } from '../rounds.ts';
import { heardFrom, startChild } from './child.ts';
import { faultsOf, undoneBy } from './faults.ts';
import type { InstanceOptions } from './instance.ts';
import type { Rush } from './rush.ts';
import { BUYERS, RUN_MAX_MS, SALE } from './visit.ts';

const INSTANCES = 2;
/** The name of a design in two processes. */
export const inTwo = (name: string): string => `${name}, ${INSTANCES} processes`;

/** A design in processes of their own on one database, the buyers divided among them. */
export const twoProcesses = (
  context: Context,
  strategy: Strategy,
  faults: string[],
  windowMs: number,
): Contender<number> => ({
  name: inTwo(strategy.name),
  async run(round) {
    const name = inTwo(strategy.name);
    const database = await context.database(strategy.database);
    try {
      const shop = await strategy.open(database.url, SALE, context.redisUrl);
      const told = sumOf(await rushInEach(context, strategy, database.url, windowMs, round));
      const broken = faultsOf(await shop.books(), SALE, told);
      await shop.close();
      broken.push(...(await undoneBy(strategy, database.url)));
      faults.push(...broken.map((fault) => `${name}: ${fault}`));
      if (told.holdsPerSecond === undefined) throw new Error(`${name}: too few holds to measure.`);
      context.say(`round ${round} · ${name}: ${Math.round(told.holdsPerSecond)} holds/s`);
      return told.holdsPerSecond;
    } finally {
      await database.drop();
    }
  },
});

async function rushInEach(
  context: Context,
  strategy: Strategy,
  databaseUrl: string,
  windowMs: number,
  seed: number,
): Promise<Rush[]> {
  const given: InstanceOptions = {
    strategy: strategy.name,
    sale: SALE,
    databaseUrl,
    redisUrl: context.redisUrl,
    share: { ...SALE, capacity: SALE.capacity / INSTANCES },
    options: { buyers: BUYERS / INSTANCES, windowMs, boundMs: RUN_MAX_MS, seed },
  };
  const children = Array.from({ length: INSTANCES }, () => startChild(context, 'instance.ts', given));
  await Promise.all(children.map((child) => heardFrom<'ready'>(child)));
  await onServer(databaseUrl, (client) => client.query('CHECKPOINT'));
  const told = children.map((child) => heardFrom<Rush>(child));
  for (const child of children) child.send('go');
  return Promise.all(told);
}

/** Rates of windows that ran side by side. */
function sumOf(rushes: readonly Rush[]): Rush {
  const sum = (of: (rush: Rush) => number): number => rushes.reduce((total, one) => total + of(one), 0);
  const rate = sum(({ holdsPerSecond }) => holdsPerSecond ?? Number.NaN);
  return {
    holdsPerSecond: Number.isNaN(rate) ? undefined : rate,
    lastPartMs: Math.max(...rushes.map(({ lastPartMs }) => lastPartMs)),
    holds: sum(({ holds }) => holds),
    tickets: sum(({ tickets }) => tickets),
    soldOut: rushes.some(({ soldOut }) => soldOut),
    wrongAnswers: sum(({ wrongAnswers }) => wrongAnswers),
  };
}
