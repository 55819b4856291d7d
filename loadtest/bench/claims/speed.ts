import { BARE_INSERT, bareInsert } from '../../baselines/bare-insert.ts';
import type { Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { type Contender, interleave } from '../rounds.ts';
import { median, ratios, summaryOf } from '../statistics.ts';
import { atLeast } from '../verdicts.ts';
import { ours, oursTwice, promised, shown } from './strategies.ts';
import { BUYERS, RUN_MAX_MS, SALE, visit } from './visit.ts';

/** Rows of one bare insert, about as many as the stadium has holds. */
const BARE_ROWS = 40_000;

const compared = [
  { with: promised.rowLock.name, id: 'claims-vs-row-lock', target: 35 },
  { with: promised.rowLockBest.name, id: 'claims-vs-row-lock-best', target: 12 },
  { with: promised.pools.name, id: 'claims-vs-pools', target: 9 },
  { with: promised.poolsBest.name, id: 'claims-vs-pools-best', target: 4.5 },
  { with: BARE_INSERT, id: 'claims-vs-bare-insert', target: 0.28 },
] as const;

/** Holds per second, everyone against everyone. Those that nothing is promised against run less often. */
export async function speed(context: Context, faults: string[]): Promise<Outcome> {
  const sellerOf = (strategy: Strategy): Contender<number> => seller(context, strategy, faults);
  const contenders = [...[ours, oursTwice, ...Object.values(promised)].map(sellerOf), bareInserter(context)];
  const rates = await interleave(contenders, { rounds: context.quick ? 3 : 7, warmUps: 1 });
  const others = await interleave(shown.map(sellerOf), { rounds: context.quick ? 1 : 3, warmUps: 0 });
  return outcomeOf(rates, others);
}

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

/** Compared with each other is what ran in the same round; the verdict is on the median of these. */
function outcomeOf(rates: ReadonlyMap<string, number[]>, others: ReadonlyMap<string, number[]>): Outcome {
  const results = [...rates, ...others].map(([name, values]) => ({
    name,
    unit: name === BARE_INSERT ? 'rows/s' : 'holds/s',
    ...summaryOf(values),
  }));
  const verdicts = [];
  for (const { name, suffix } of [
    { name: ours.name, suffix: '' },
    { name: oursTwice.name, suffix: '-two-instances' },
  ]) {
    for (const { with: other, id, target } of compared) {
      const times = ratios(rates.get(name)!, rates.get(other)!);
      results.push({ name: `${name} ÷ ${other}`, unit: '×', ...summaryOf(times) });
      verdicts.push(atLeast(`${id}${suffix}`, `${name}, as a multiple of ${other}`, target, median(times)));
    }
  }
  return { results, verdicts };
}
