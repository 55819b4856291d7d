import type { Bench, Context } from './bench.ts';
import { simulate } from './eta/sale.ts';
import { scenarioNames, scenarioOf } from './eta/scenarios.ts';
import { noScore, type Score, score, shareInside, shareWithOdds } from './eta/score.ts';
import type { Result, Verdict } from './report.ts';
import { median, summaryOf } from './statistics.ts';
import { between } from './verdicts.ts';

/** The constants of the forecast were chosen by sales of the first seeds; those of the second were not looked at. */
const SEEDS = { tuning: 1, verifying: 9_001 } as const;

/** What fans of several sales were told at their join, and every two minutes of waiting. */
interface Scores {
  readonly join: Score;
  readonly minutes: Score;
}

export const eta: Bench = {
  name: 'eta',
  question:
    'How often is the wait that a fan is told the one that comes, and are the odds? Simulated sales, real decisions and forecasts',
  minutes: { quick: 3, full: 6 },
  async run(context) {
    const tuned = await runAll(context, 'tuning', context.quick ? 8 : 128);
    const verified = await runAll(context, 'verifying', context.quick ? 64 : 128);
    sayOdds(context, verified.all);
    return {
      results: [...resultsOf('chosen by', tuned), ...resultsOf('not looked at', verified)],
      verdicts: verdictsOf(verified),
    };
  },
};

interface Ran {
  readonly all: Scores;
  readonly each: ReadonlyMap<string, Scores>;
}

async function runAll(context: Context, which: keyof typeof SEEDS, sales: number): Promise<Ran> {
  const all: Scores = { join: noScore(), minutes: noScore() };
  const each = new Map<string, Scores>();
  for (const name of scenarioNames) {
    const own: Scores = { join: noScore(), minutes: noScore() };
    for (let sale = 0; sale < sales; sale += 1) {
      const seed = SEEDS[which] + sale;
      const outcome = simulate(scenarioOf(name, seed), seed);
      for (const into of [all, own]) {
        score(into.join, outcome, 'join');
        score(into.minutes, outcome, 'minutes');
      }
      // Signals are heard between two sales.
      await new Promise(setImmediate);
    }
    each.set(name, own);
    context.say(
      `${which} · ${name}: ${percent(shareInside(own.join))} of waits inside at the join, ${percent(shareInside(own.minutes))} of those told while waiting`,
    );
  }
  return { all, each };
}

function sayOdds(context: Context, { join, minutes }: Scores): void {
  const told = (at: number): string => (at === 0 ? 'under 5' : at === 100 ? 'over 95' : `${at}`);
  const rows = [...minutes.odds].sort(([a], [b]) => a - b);
  context.say('odds told · got tickets, of fans told so while waiting · at the join');
  for (const [at, { fans, got }] of rows) {
    const atJoin = join.odds.get(at);
    const joined = atJoin === undefined ? '-' : `${percent(atJoin.got / atJoin.fans)} of ${atJoin.fans}`;
    context.say(`${told(at).padStart(8)} · ${percent(got / fans)} of ${fans} · ${joined}`);
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function resultsOf(seeds: string, { all, each }: Ran): Result[] {
  const result = (name: string, unit: string, value: number): Result => ({
    name: `seeds ${seeds}: ${name}`,
    unit,
    ...summaryOf([value]),
  });
  const odds = (scores: Score): number => 100 * shareWithOdds(scores, 40, 60);
  return [
    ...[...each, ['all', all] as const].flatMap(([name, { join, minutes }]) => [
      result(`${name}, waits inside, told at the join`, '%', 100 * shareInside(join)),
      result(`${name}, waits inside, told while waiting`, '%', 100 * shareInside(minutes)),
      result(`${name}, width of the range over the wait, half of them`, 'times', median(join.widths)),
    ]),
    result('got tickets, of those told 40–60 % at the join', '%', odds(all.join)),
    result('got tickets, of those told 40–60 % while waiting', '%', odds(all.minutes)),
  ];
}

function verdictsOf({ all, each }: Ran): Verdict[] {
  const [least, most] = [85, 95];
  const told = (scores: Score): number => 100 * shareInside(scores);
  return [
    ...[...each].flatMap(([name, { join }]) =>
      between(
        `eta-waits-${idOf(name)}`,
        `Waits inside the range told at the join, %: ${name}`,
        [least, most],
        told(join),
      ),
    ),
    ...between('eta-waits', 'Waits inside the range told at the join, %', [least, most], told(all.join)),
    ...between(
      'eta-waits-while-waiting',
      'Waits inside the ranges told every two minutes of them, %',
      [least, most],
      told(all.minutes),
    ),
    ...between(
      'eta-odds',
      'Of fans told 40–60 % while waiting, those who got tickets, %',
      [30, 70],
      100 * shareWithOdds(all.minutes, 40, 60),
    ),
  ];
}

const idOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
