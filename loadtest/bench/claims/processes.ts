import { onServer } from '../../../bin/stack/database.ts';
import type { Context } from '../bench.ts';
import type { Contender } from '../rounds.ts';
import { heardFrom, startChild } from './child.ts';
import { faultsOf } from './faults.ts';
import type { InstanceOptions } from './instance.ts';
import type { Rush } from './rush.ts';
import { ours } from './strategies.ts';
import { BUYERS, RUN_MAX_MS, SALE } from './visit.ts';

const INSTANCES = 2;
export const TWO_PROCESSES = `onsale, ${INSTANCES} processes`;

/** Core instances in processes of their own on one database, the buyers divided among them. */
export const twoProcesses = (context: Context, faults: string[], windowMs: number): Contender<number> => ({
  name: TWO_PROCESSES,
  async run(round) {
    const database = await context.database('migrated');
    try {
      const shop = await ours.open(database.url, SALE, context.redisUrl);
      const told = sumOf(await rushInEach(context, database.url, windowMs, round));
      faults.push(...faultsOf(await shop.books(), SALE, told).map((fault) => `${TWO_PROCESSES}: ${fault}`));
      await shop.close();
      if (told.holdsPerSecond === undefined) throw new Error(`${TWO_PROCESSES}: too few holds to measure.`);
      context.say(`round ${round} · ${TWO_PROCESSES}: ${Math.round(told.holdsPerSecond)} holds/s`);
      return told.holdsPerSecond;
    } finally {
      await database.drop();
    }
  },
});

async function rushInEach(
  context: Context,
  databaseUrl: string,
  windowMs: number,
  seed: number,
): Promise<Rush[]> {
  const given: InstanceOptions = {
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
