import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Sale, startSale } from '../../bin/stack/sale.ts';
import { Line } from '../../gateway/src/line/line.ts';
import { seeded } from '../crowd/random.ts';
import { changeRates } from './admission/changes.ts';
import { joinAll, sayWhoIsThere } from './admission/fans.ts';
import { killWorkers } from './admission/kills.ts';
import { openRooms, type Plan, setPolicy } from './admission/rooms.ts';
import { admissionsOf, shop, watchCapacity } from './admission/shoppers.ts';
import { type Extremes, extremesIn } from './admission/windows.ts';
import type { Bench, Context, Outcome } from './bench.ts';
import { summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const PREFIX = 'bench-admission';
const SEED = 20261121;
const MINUTE_MS = 60_000;
const WORKERS = ['admission', 'admission-2', 'admission-3'];
/** Until every room is at work after it was opened, and after the first kill. */
const SETTLE_MS = 1_500;

const steady = { capacity: 1_000_000, claimWindowMs: 1_000, sessionTtlMs: 60_000 } as const;

/** Rates from a fan a second to the most that one machine's core records without strain. */
const rated = (minutes: number): Plan[] =>
  [60, 600, 6_000, 60_000].map((ratePerMinute) => ({
    eventId: `rate-${ratePerMinute}`,
    policy: { ...steady, ratePerMinute },
    fans: Math.ceil(ratePerMinute * (minutes + 0.3)) + 100,
    absent: 0,
  }));

/** Always full: offers lapse, shoppers leave, and whoever waits is let in as soon as there is a slot. */
const tight: Plan = {
  eventId: 'tight',
  policy: { ratePerMinute: 60_000, capacity: 40, claimWindowMs: 1_000, sessionTtlMs: 1_000 },
  fans: 20_000,
  absent: 0,
};

/**
 * Two of the same kind, one whose every second fan is gone. Absent fans who were offered a slot would keep it for the whole
 * claim window: with these few slots they would soon have all of them.
 */
const likes = (minutes: number): Plan[] =>
  [0, 0.5].map((absent) => ({
    eventId: absent === 0 ? 'all-there' : 'half-there',
    policy: { ratePerMinute: 3_000, capacity: 400, claimWindowMs: 120_000, sessionTtlMs: 60_000 },
    fans: Math.ceil((3_000 * (minutes + 0.3)) / (1 - absent)) + 6_000,
    absent,
  }));

/** Whose rate an operator changes all the time. */
const turned: Plan = {
  eventId: 'turned',
  policy: { ...steady, ratePerMinute: 600 },
  fans: 5_000,
  absent: 0,
};

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Told {
  readonly calm: Span;
  readonly killing: Span;
  /** How long changes of a policy took until a tick worked by them, ms, with all workers alive. */
  readonly changedInMs: readonly number[];
  readonly killed: number;
  readonly mostOver: number;
  readonly fullest: number;
  readonly looks: number;
  readonly filledAtMs: readonly (readonly number[])[];
}

export const admission: Bench = {
  name: 'admission',
  question:
    'How exactly do three workers let fans in, while they are killed, never over capacity, and past those who are not there?',
  minutes: { quick: 4, full: 12 },
  async run(context) {
    const minutes = context.quick ? 1 : 3;
    const rooms = { rated: rated(2 * minutes), likes: likes(minutes) };
    const { url } = await context.database('migrated');
    await openRooms(url, [...rooms.rated, turned, tight, ...rooms.likes]);
    const sale = await startSale({
      dir: context.dir,
      databaseUrl: url,
      redisUrl: context.redisUrl,
      redisPrefix: PREFIX,
      processes: { gateway: 0, 'core-worker': 0, admission: WORKERS.length },
      supervised: true,
      env: { LOG_LEVEL: 'error' },
    });
    context.atEnd(() => sale.stop());
    const redis = new Redis(context.redisUrl);
    context.atEnd(async () => redis.disconnect());
    const told = await play(context, sale, redis, rooms, minutes);
    return outcomeOf(context, redis, rooms, told);
  },
};

/** Everyone joins; the rooms of a rate are opened, a calm span, then one with kills, in which the other rooms are open too. */
async function play(
  context: Context,
  sale: Sale,
  redis: Redis,
  rooms: { rated: Plan[]; likes: Plan[] },
  minutes: number,
): Promise<Told> {
  const line = new Line(redis, PREFIX);
  const all = [...rooms.rated, turned, tight, ...rooms.likes];
  const random = seeded(SEED);
  for (const { eventId, policy } of all)
    await setPolicy(sale, eventId, { ...policy, open: true, paused: true });
  const crowds = new Map<Plan, Awaited<ReturnType<typeof joinAll>>>();
  // First those of whom some are gone: they have to be unseen for a while before their turn.
  for (const plan of [...rooms.likes, tight, turned, ...rooms.rated]) {
    await until(async () => (await line.room(plan.eventId))?.paused === true);
    crowds.set(plan, await joinAll(line, plan, random));
  }
  const joinedAtMs = Date.now();
  context.say(`${[...crowds.values()].reduce((sum, { places }) => sum + places.length, 0)} fans wait`);

  let going = true;
  const goesOn = (): boolean => going;
  const works: Promise<unknown>[] = all.map((plan) => sayWhoIsThere(line, plan, crowds.get(plan)!, goesOn));
  const open = (plans: readonly Plan[]): Promise<unknown> =>
    Promise.all(plans.map(({ eventId }) => setPolicy(sale, eventId, { paused: false })));
  const parts = { redis, line, prefix: PREFIX };
  const spanMs = minutes * MINUTE_MS + 2_000;

  await open([...rooms.rated, turned]);
  let isCalm = true;
  const changing = changeRates(sale, line, turned, random, () => isCalm);
  const calm = await span(spanMs);
  isCalm = false;
  const changedInMs = await changing;
  context.say(`calm for ${(calm.toMs - calm.fromMs) / 1_000} s; now workers are killed`);
  if (Date.now() - joinedAtMs < 32_000) await delay(32_000 - (Date.now() - joinedAtMs));
  const watching = watchCapacity(line, tight, goesOn);
  const buying = shop(parts, tight, crowds.get(tight)!, { claims: 0.05, staysMs: 300 }, random, goesOn);
  const filling = rooms.likes.map((plan) =>
    shop(parts, plan, crowds.get(plan)!, { claims: 1, staysMs: 2_000 }, random, goesOn),
  );
  await open([tight, ...rooms.likes]);
  const killing = killWorkers(sale, WORKERS, goesOn);
  const killed = await span(spanMs);
  going = false;
  await Promise.all([...works, buying]);
  return {
    calm,
    changedInMs,
    killing: killed,
    killed: await killing,
    ...(await watching),
    filledAtMs: await Promise.all(filling),
  };
}

async function span(forMs: number): Promise<Span> {
  await delay(SETTLE_MS);
  const fromMs = Date.now();
  await delay(forMs);
  return { fromMs, toMs: fromMs + forMs };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await condition()); looks += 1) {
    if (looks > 300) throw new Error('The workers do not know the rooms.');
    await delay(100);
  }
}

async function outcomeOf(
  context: Context,
  redis: Redis,
  rooms: { rated: Plan[]; likes: Plan[] },
  told: Told,
): Promise<Outcome> {
  const results = [];
  let [over, under, underKilled] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (const plan of rooms.rated) {
    const { ratePerMinute } = plan.policy;
    const admissions = await admissionsOf(redis, PREFIX, plan);
    const calm = extremesIn(admissions, { ...told.calm, lengthMs: MINUTE_MS });
    const killing = extremesIn(admissions, { ...told.killing, lengthMs: MINUTE_MS });
    over = Math.max(over, overOf(calm, ratePerMinute), overOf(killing, ratePerMinute));
    under = Math.max(under, underOf(calm, ratePerMinute));
    underKilled = Math.max(underKilled, underOf(killing, ratePerMinute));
    for (const [what, { most, fewest }] of Object.entries({ calm, killing })) {
      context.say(`${ratePerMinute} a minute, ${what}: any minute has ${fewest} to ${most}`);
      results.push({
        name: `${ratePerMinute} a minute, ${what}`,
        unit: 'fans in any minute',
        median: (most + fewest) / 2,
        min: fewest,
        max: most,
        runs: 1,
      });
    }
  }
  const [there, half] = told.filledAtMs.map(
    (moments) => moments.filter((atMs) => atMs >= told.killing.fromMs && atMs < told.killing.toMs).length,
  ) as [number, number];
  context.say(
    `slots filled: ${there} with all there, ${half} with half of them gone; ${told.killed} workers were killed`,
  );
  context.say(`the fullest of ${told.looks} looks: ${told.fullest} of ${tight.policy.capacity} slots`);
  context.say(
    `${told.changedInMs.length} changes of a policy were in force within ${Math.ceil(Math.max(...told.changedInMs))} ms`,
  );
  results.push(
    { name: 'a change until a tick works by it', unit: 'ms', ...summaryOf(told.changedInMs) },
    { name: 'slots filled, everyone there', unit: 'fans', ...summaryOf([there]) },
    { name: 'slots filled, half of them gone', unit: 'fans', ...summaryOf([half]) },
    { name: 'the fullest moment of a full room', unit: 'slots', ...summaryOf([told.fullest]) },
    { name: 'workers killed', unit: 'kills', ...summaryOf([told.killed]) },
  );
  return {
    results,
    verdicts: [
      atMost(
        'admission-over-rate',
        'Fans beyond the rate in the worst minute, in per cent of it, or in fans where that is more',
        1,
        over,
      ),
      atMost(
        'admission-under-rate',
        'Per cent of the rate that the worst minute missed, beyond one fan',
        1,
        under,
      ),
      atMost(
        'admission-under-rate-killed',
        'The same, while a worker is killed every few seconds',
        2,
        underKilled,
      ),
      atMost('admission-over-capacity', 'Slots taken beyond the capacity, at any moment', 0, told.mostOver),
      atMost(
        'admission-change-in-force',
        'Seconds until a tick works by a changed policy, the slowest change of all',
        1,
        Math.max(...told.changedInMs) / 1_000,
      ),
      atLeast(
        'admission-half-absent',
        'Slots filled with half of the fans gone, against everyone there',
        0.95,
        half / there,
      ),
    ],
  };
}

const overOf = ({ most }: Extremes, rate: number): number => (most - rate) / Math.max(1, rate / 100);
/** Fans are whole: where a window begins and ends may hide one. */
const underOf = ({ fewest }: Extremes, rate: number): number =>
  Math.max(0, (100 * (rate - 1 - fewest)) / rate);
