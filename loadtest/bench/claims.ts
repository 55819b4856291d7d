import { onServer } from '../../bin/stack/database.ts';
import { BARE_INSERT, bareInsert } from '../baselines/bare-insert.ts';
import { conditionalUpdate } from '../baselines/conditional-update.ts';
import { pools } from '../baselines/pools.ts';
import { poolsBest } from '../baselines/pools-best.ts';
import { rowLock } from '../baselines/row-lock.ts';
import { rowLockBest } from '../baselines/row-lock-best.ts';
import type { Sale, Strategy } from '../baselines/strategy.ts';
import type { Bench, Context, Outcome } from './bench.ts';
import { onsale } from './claims/core.ts';
import { faultsOf } from './claims/faults.ts';
import { type RushOptions, rush } from './claims/rush.ts';
import type { Result, Verdict } from './report.ts';
import { type Contender, interleave } from './rounds.ts';
import { median, ratios, summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const BUYERS = 1_000;
const RUN_MAX_MS = 60_000;
/** The stadium. A buyer may have two tickets and wants one or two. */
const SALE: Sale = { capacity: 56_000, buyerLimit: 2 };
/** Small enough that the slowest design sells it out in a few seconds; pools have three of their thousands. */
const SELL_OUT: Sale = { capacity: 3_000, buyerLimit: 2 };
/** Rows of one bare insert, about as many as the stadium has holds. */
const BARE_ROWS = 40_000;

const ours = onsale({ instances: 1 });
const oursTwice = onsale({ instances: 2 });

/** Everything that sells. A further design is one file of loadtest/baselines and one line here. */
const strategies: readonly Strategy[] = [
  ours,
  oursTwice,
  rowLock,
  rowLockBest,
  conditionalUpdate,
  pools,
  poolsBest,
];

const compared = [
  { with: rowLock.name, id: 'claims-vs-row-lock', target: 35 },
  { with: rowLockBest.name, id: 'claims-vs-row-lock-best', target: 12 },
  { with: pools.name, id: 'claims-vs-pools', target: 9 },
  { with: poolsBest.name, id: 'claims-vs-pools-best', target: 4.5 },
  { with: BARE_INSERT, id: 'claims-vs-bare-insert', target: 0.28 },
] as const;

export const claims: Bench = {
  name: 'claims',
  question: 'How many holds per second of one hot event, 1,000 buyers at once, limits and idempotency on?',
  async run(context) {
    const faults: string[] = [];
    const contenders = [
      ...strategies.map((strategy) => seller(context, strategy, faults)),
      bareInserter(context),
    ];
    const rates = await interleave(contenders, { rounds: context.quick ? 3 : 7, warmUps: 1 });
    const unsold = await sellOut(context, faults);
    for (const fault of faults) context.say(`broken: ${fault}`);
    return outcomeOf(rates, faults.length, unsold);
  },
};

/** One timed run of a strategy in a database of its own, then a look into its books. */
function seller(context: Context, strategy: Strategy, faults: string[]): Contender<number> {
  const windowMs = context.quick ? 2_000 : 5_000;
  return {
    name: strategy.name,
    async run(round) {
      const told = await visit(context, strategy, SALE, faults, { windowMs, seed: round });
      if (told.holdsPerSecond === undefined) {
        throw new Error(`${strategy.name} made ${told.holds} holds in ${RUN_MAX_MS} ms: too few to measure.`);
      }
      context.say(
        `round ${round} · ${strategy.name}: ${Math.round(told.holdsPerSecond)} holds/s, ${told.tickets} tickets`,
      );
      return told.holdsPerSecond;
    },
  };
}

const bareInserter = (context: Context): Contender<number> => ({
  name: BARE_INSERT,
  async run(round) {
    const database = await context.database('migrated');
    try {
      const rate = await bareInsert(database.url, { rows: BARE_ROWS, buyers: BUYERS });
      context.say(`round ${round} · ${BARE_INSERT}: ${Math.round(rate)} rows/s`);
      return rate;
    } finally {
      await database.drop();
    }
  },
});

/** Everyone sells a small stock to the last ticket. @returns how many tickets were left or sold too much, over all. */
async function sellOut(context: Context, faults: string[]): Promise<number> {
  let off = 0;
  for (const strategy of strategies) {
    const told = await visit(context, strategy, SELL_OUT, faults, {
      windowMs: Number.POSITIVE_INFINITY,
      seed: 0,
    });
    off += Math.abs(SELL_OUT.capacity - told.held);
    context.say(`sell-out · ${strategy.name}: ${told.held} of ${SELL_OUT.capacity}`);
  }
  return off;
}

async function visit(
  context: Context,
  strategy: Strategy,
  sale: Sale,
  faults: string[],
  options: Pick<RushOptions, 'windowMs' | 'seed'>,
) {
  const database = await context.database(strategy.database);
  try {
    const shop = await strategy.open(database.url, sale);
    try {
      // Everyone begins with the disk as quiet, and pays for the first touch of each page after it.
      await onServer(database.url, (client) => client.query('CHECKPOINT'));
      const told = await rush(shop, sale, { buyers: BUYERS, boundMs: RUN_MAX_MS, ...options });
      const books = await shop.books();
      faults.push(...faultsOf(books, sale, told).map((fault) => `${strategy.name}: ${fault}`));
      return { ...told, held: books.held };
    } finally {
      await shop.close();
    }
  } finally {
    await database.drop();
  }
}

/** Compared with each other is what ran in the same round; the verdict is on the median of these. */
function outcomeOf(rates: ReadonlyMap<string, number[]>, faults: number, unsold: number): Outcome {
  const results: Result[] = [...rates].map(([name, values]) => ({
    name,
    unit: name === BARE_INSERT ? 'rows/s' : 'holds/s',
    ...summaryOf(values),
  }));
  const verdicts: Verdict[] = [
    atMost(
      'claims-never-oversold',
      'Runs that broke stock, limit, repeat or count, of every design',
      0,
      faults,
    ),
    atMost('claims-sell-out-exactly', 'Tickets left or sold too much when each design sells out', 0, unsold),
  ];
  for (const { with: other, id, target } of compared) {
    const times = ratios(rates.get(ours.name)!, rates.get(other)!);
    results.push({ name: `${ours.name} ÷ ${other}`, unit: '×', ...summaryOf(times) });
    verdicts.push(atLeast(id, `${ours.name}, as a multiple of ${other}`, target, median(times)));
  }
  return { results, verdicts };
}
