import { BARE_INSERT } from '../baselines/bare-insert.ts';
import type { Bench, Context } from './bench.ts';
import { bareInserter } from './claims/bare-inserter.ts';
import type { Result } from './report.ts';
import { type Contender, interleave } from './rounds.ts';
import { NO_SINGLES, USUAL, type Weights } from './seats/groups.ts';
import { pickCost } from './seats/pick-cost.ts';
import { type SellOut, sellOut } from './seats/sell-out.ts';
import { anyOfTier, best, bestTwice, first } from './seats/sellers.ts';
import type { Seller } from './seats/shop.ts';
import { median, ratios, summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const BEST_NO_SINGLES = `${best.name}, nobody alone`;
const FIRST_NO_SINGLES = `${first.name}, nobody alone`;

const measured = {
  seatsPerSecond: ['seats held', 'seats/s'],
  p99Ms: ['answered, 99th percentile', 'ms'],
  singlesAt90: ['single seats stranded at 90 % sold', 'seats'],
  leftForCouples: ['seats left when no couple fits', 'seats'],
  reloads: ['reads of what is free', 'reads'],
} as const satisfies Partial<Record<keyof SellOut, readonly [string, string]>>;

type Told = ReadonlyMap<string, readonly SellOut[]>;

export const seats: Bench = {
  name: 'seats',
  question:
    'How fast do 56,000 numbered seats go to groups who sit together, and how many single seats stay behind?',
  minutes: { quick: 3, full: 8 },
  async run(context) {
    const faults: string[] = [];
    const contenders = [
      ...[best, bestTwice, first, anyOfTier].map((seller) => contender(context, seller, USUAL, faults)),
      contender(context, best, NO_SINGLES, faults, BEST_NO_SINGLES),
      contender(context, first, NO_SINGLES, faults, FIRST_NO_SINGLES),
    ];
    const all = await interleave<SellOut | number>([...contenders, bareInserter(context)], {
      rounds: context.quick ? 2 : 7,
      warmUps: 1,
    });
    const inserted = all.get(BARE_INSERT) as number[];
    all.delete(BARE_INSERT);
    const told = all as Map<string, SellOut[]>;
    const costs = await costsOfPicking(context);
    for (const fault of faults) context.say(`broken: ${fault}`);
    return {
      results: [...resultsOf(told), ...besideInsert(told, inserted), ...costs.results],
      verdicts: [...kept(told, faults), ...compared(told), ...costs.verdicts],
    };
  },
};

const contender = (
  context: Context,
  seller: Seller,
  weights: Weights,
  faults: string[],
  name = seller.name,
): Contender<SellOut> => ({
  name,
  async run(round) {
    const outcome = await sellOut(context, seller, weights, round, faults);
    const { seatsPerSecond, p99Ms, singlesAt90, leftForCouples, reloads } = outcome;
    context.say(
      `round ${round} · ${name}: ${Math.round(seatsPerSecond)} seats/s, p99 ${Math.round(p99Ms)} ms, ${reloads} reads, ${singlesAt90} singles at 90 %, ${leftForCouples} left for couples`,
    );
    return outcome;
  },
});

const resultsOf = (told: Told) =>
  [...told].flatMap(([name, outcomes]) =>
    (Object.keys(measured) as (keyof typeof measured)[]).map((what) => {
      const [label, unit] = measured[what];
      return { name: `${name}: ${label}`, unit, ...summaryOf(outcomes.map((one) => one[what])) };
    }),
  );

/** The rows of holds of one or two tickets, nothing judged: how near to the machine's limit selling seats comes. */
function besideInsert(told: Told, inserted: readonly number[]): Result[] {
  const ours = told.get(best.name)!.map(({ seatsPerSecond }) => seatsPerSecond);
  return [
    { name: BARE_INSERT, unit: 'rows/s', ...summaryOf(inserted) },
    { name: `${best.name}: seats held ÷ ${BARE_INSERT}`, unit: '×', ...summaryOf(ratios(ours, inserted)) },
  ];
}

/** What must hold for all of them, in every round. */
function kept(told: Told, faults: readonly string[]) {
  const all = (what: keyof SellOut): number =>
    [...told.values()].flat().reduce((sum, outcome) => sum + outcome[what], 0);
  const broken = 'Seats in two holds, parted holds, groups not beside each other';
  const unasked = 'Accessible seats given to who had not asked for them';
  return [
    atMost('seats-never-twice', broken, 0, faults.length),
    atMost('seats-sold-to-the-last', 'Seats that nobody could be given in the end', 0, all('unsold')),
    atMost('seats-accessible-kept', unasked, 0, all('accessibleGone')),
  ];
}

function compared(told: Told) {
  const against = (what: keyof SellOut, a: string, b: string): number => {
    const of = (name: string): number[] => told.get(name)!.map((one) => one[what]);
    return median(ratios(of(a), of(b)));
  };
  const [ours, theirs] = [BEST_NO_SINGLES, FIRST_NO_SINGLES];
  const stranded = 'Single seats stranded at 90 % sold where nobody comes alone, against first fit';
  const left = 'Seats left when no couple fits any more where nobody comes alone, against first fit';
  return [
    atMost('seats-stranded-vs-first-fit', stranded, 0.1, against('singlesAt90', ours, theirs)),
    atMost('seats-left-vs-first-fit', left, 0.25, against('leftForCouples', ours, theirs)),
    atLeast(
      'seats-speed-vs-any-of-tier',
      'Seats per second, against any seats of a tier',
      0.6,
      against('seatsPerSecond', best.name, anyOfTier.name),
    ),
    atLeast(
      'seats-two-instances',
      'Seats per second with two core instances, against one',
      0.5,
      against('seatsPerSecond', bestTwice.name, best.name),
    ),
  ];
}

async function costsOfPicking(context: Context) {
  const costs = [];
  for (let round = 0; round < 3; round++) costs.push(await pickCost(context, round));
  const [means, p99s] = [costs.map(({ meanUs }) => meanUs), costs.map(({ p99Us }) => p99Us)];
  const promise = 'Microseconds of one pick among 56,000 seats, 99th percentile';
  return {
    results: [
      { name: 'one pick, mean', unit: 'µs', ...summaryOf(means) },
      { name: 'one pick, 99th percentile', unit: 'µs', ...summaryOf(p99s) },
    ],
    verdicts: [atMost('seats-pick-cost', promise, 100, median(p99s))],
  };
}
