import { BARE_INSERT } from '../../baselines/bare-insert.ts';
import type { Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { type Contender, interleave } from '../rounds.ts';
import { median, ratios, summaryOf } from '../statistics.ts';
import { atLeast } from '../verdicts.ts';
import { bareInserter } from './bare-inserter.ts';
import { onsale } from './core.ts';
import { inTwo, twoProcesses } from './processes.ts';
import { ours, promised, shown } from './strategies.ts';
import { RUN_MAX_MS, SALE, visit } from './visit.ts';

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
    ...[ours, ...Object.values(promised)].map((strategy) =>
      twoProcesses(context, strategy, faults, windowMsOf(context)),
    ),
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
  const byProcesses = [
    { suffix: '', named: (name: string) => name },
    { suffix: '-two-instances', named: (name: string) => (name === BARE_INSERT ? name : inTwo(name)) },
  ];
  for (const { suffix, named } of byProcesses) {
    const name = named(ours.name);
    for (const { with: alone, id, target } of compared) {
      const other = named(alone);
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
