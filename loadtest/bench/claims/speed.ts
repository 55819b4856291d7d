import { BARE_INSERT, bareInsert } from '../../baselines/bare-insert.ts';
import type { Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { type Contender, interleave } from '../rounds.ts';
import { median, ratios, summaryOf } from '../statistics.ts';
import { atLeast } from '../verdicts.ts';
import { onsale } from './core.ts';
import { TWO_PROCESSES, twoProcesses } from './processes.ts';
import { ours, promised, shown } from './strategies.ts';
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
  const expiredHolds = context.quick ? 100_000 : 500_000;
  const aged = onsale({
    instances: 1,
    past: { expiredHolds },
    name: `${ours.name}, ${expiredHolds.toLocaleString('en-US')} holds before`,
  });
  const contenders = [
    ...[ours, aged, ...Object.values(promised)].map(sellerOf),
    twoProcesses(context, faults, windowMsOf(context)),
    bareInserter(context),
  ];
  const rates = await interleave(contenders, { rounds: context.quick ? 3 : 7, warmUps: 1 });
  const others = await interleave(shown.map(sellerOf), { rounds: context.quick ? 1 : 3, warmUps: 0 });
  return outcomeOf(rates, others, aged.name);
}

const windowMsOf = ({ quick }: Context): number => (quick ? 2_000 : 5_000);

function seller(context: Context, strategy: Strategy, faults: string[]): Contender<number> {
  const windowMs = windowMsOf(context);
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
function outcomeOf(
  rates: ReadonlyMap<string, number[]>,
  others: ReadonlyMap<string, number[]>,
  aged: string,
): Outcome {
  const results = [...rates, ...others].map(([name, values]) => ({
    name,
    unit: name === BARE_INSERT ? 'rows/s' : 'holds/s',
    ...summaryOf(values),
  }));
  const verdicts = [];
  for (const { name, suffix } of [
    { name: ours.name, suffix: '' },
    { name: TWO_PROCESSES, suffix: '-two-instances' },
  ]) {
    for (const { with: other, id, target } of compared) {
      const times = ratios(rates.get(name)!, rates.get(other)!);
      results.push({ name: `${name} ÷ ${other}`, unit: '×', ...summaryOf(times) });
      verdicts.push(atLeast(`${id}${suffix}`, `${name}, as a multiple of ${other}`, target, median(times)));
    }
  }
  const stable = ratios(rates.get(aged)!, rates.get(ours.name)!);
  results.push({ name: `${aged} ÷ ${ours.name}`, unit: '×', ...summaryOf(stable) });
  const promise = `${aged} and never analyzed, as a part of a fresh table`;
  verdicts.push(atLeast('claims-stable', promise, 0.8, median(stable)));
  return { results, verdicts };
}
