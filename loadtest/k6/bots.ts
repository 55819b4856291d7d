import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Tried } from './bots/attempt.ts';
import { attempts } from './bots/attempts.ts';
import { flood } from './bots/flood.ts';
import { judge } from './bots/judge.ts';
import { type KindName, kindNames } from './bots/kinds.ts';
import { type Kit, makeKit } from './bots/kit.ts';
import { outOfTurn } from './bots/out-of-turn.ts';
import { arrivals } from './lib/arrivals.ts';
import { type Policy, readAdmissions, readHolds, readRoom, setPolicy } from './lib/desk.ts';
import { fanOf } from './lib/fan.ts';
import { journeyOf } from './lib/journey.ts';
import { randomOf } from './lib/seeded.ts';
import { numberOption, settings } from './lib/settings.ts';
import { afterSale, type Before, beforeSale } from './lib/stock.ts';
import { anyTickets } from './lib/taste.ts';
import { summaryTrendStats, wholeJourney } from './lib/thresholds.ts';

/**
 * Bots that ignore the line, replay, forge and flood (bots/kinds.ts names what each kind does), beside fans who wait, shop and buy.
 * None of the bots may get through, and no fan may be hurt. See loadtest/README.md.
 *
 * Options of its own: ATTEMPTS in BOT_SECONDS, some of which are several tries; RATE_PER_MINUTE of the room, slow enough that a line stands; NETWORK_PER_MINUTE, what the
 * installation grants one network (option NETWORK_REQUESTS_PER_MINUTE).
 */
const made = numberOption('ATTEMPTS', 9_000, { min: 1, max: 10_000_000, whole: true });
const botSeconds = numberOption('BOT_SECONDS', 60, { min: 1, max: 86_400, whole: true });
const ratePerMinute = numberOption('RATE_PER_MINUTE', 150, { min: 1, max: 600_000, whole: true });
const perMinute = numberOption('NETWORK_PER_MINUTE', 120, { min: 1, max: 1_000_000, whole: true });

/** Every kind must have reached its check so often, and all together: who stands in the line tries a dozen times at once. */
const TRIES_OF_A_KIND = Math.min(100, Math.floor(made / (4 * kindNames.length)));
const TRIES_ALTOGETHER = Math.floor(made * (10 / 9));
const kindsTried = kindNames.filter((kind) => kind !== 'forged-load-test' || settings.loadTestToken !== '');

const refused = new Counter('bot_tries');
const breaches = new Counter('bot_breaches');
const limited = new Counter('bot_limited');
const unexpected = new Counter('bot_unexpected');
const unturned = new Counter('admissions_out_of_turn');
const unadmitted = new Counter('holds_without_admission');
const checked = new Counter('admissions_checked');

export const options: Options = {
  scenarios: {
    fans: arrivals('fan'),
    bots: {
      executor: 'constant-arrival-rate',
      exec: 'bot',
      rate: made,
      timeUnit: `${botSeconds}s`,
      duration: `${botSeconds}s`,
      preAllocatedVUs: 120,
      maxVUs: 120,
      gracefulStop: '30s',
    },
    flood: { executor: 'shared-iterations', exec: 'flooder', vus: 1, iterations: 1, startTime: '5s' },
  },
  setupTimeout: '180s',
  // The flood alone sends several requests side by side.
  batch: 20,
  batchPerHost: 20,
  thresholds: {
    ...wholeJourney,
    conversion: ['rate==1'],
    bot_tries: [`count>=${TRIES_ALTOGETHER}`],
    bot_breaches: ['count==0'],
    bot_unexpected: ['count==0'],
    admissions_out_of_turn: ['count==0'],
    holds_without_admission: ['count==0'],
    admissions_checked: ['count>0'],
    ...Object.fromEntries(
      kindsTried.flatMap((kind) => [
        [`bot_tries{kind:${kind}}`, [`count>=${TRIES_OF_A_KIND}`]],
        [`bot_breaches{kind:${kind}}`, ['count==0']],
      ]),
    ),
  },
  summaryTrendStats,
};

interface Scenery {
  readonly kit: Kit;
  readonly before: Before;
  readonly policy: Policy;
}

export function setup(): Scenery {
  const before = beforeSale();
  const { policy } = readRoom();
  const kit = makeKit();
  setPolicy({ ratePerMinute, claimWindowMs: policy.claimWindowMs, sessionTtlMs: policy.sessionTtlMs });
  return { kit, before, policy };
}

export async function fan(): Promise<void> {
  await journeyOf(fanOf(exec.scenario.iterationInTest), anyTickets());
}

export async function bot({ kit }: Scenery): Promise<void> {
  const number = exec.scenario.iterationInTest;
  // A sequence of its own: the fans' numbers begin at 0.
  const random = randomOf(settings.seed, -1 - number);
  count(await attempts[number % attempts.length]!({ kit, random }));
}

export function flooder(): void {
  count(flood(perMinute));
}

const counters = { refused, breach: breaches, limited, unexpected };
const told = new Set<KindName>();

function count(tried: readonly Tried[]): void {
  for (const [kind, answer] of tried) {
    const verdict = judge(kind, answer);
    counters[verdict].add(1, { kind });
    // A kind that never breaks must be seen not to: its counter is there from the first try.
    if (verdict === 'refused') breaches.add(0, { kind });
    if ((verdict === 'breach' || verdict === 'unexpected') && !told.has(kind)) {
      told.add(kind);
      console.error(`${kind}: ${verdict}: ${answer.status} ${answer.code}`);
    }
  }
}

/** What the bots were told is one thing; the record of who was let in, and of who holds tickets, is another. */
export function teardown({ before, policy }: Scenery): void {
  const { ratePerMinute, claimWindowMs, sessionTtlMs, paused } = policy;
  setPolicy({ ratePerMinute, claimWindowMs, sessionTtlMs, paused });
  const batches = readAdmissions();
  const admitted = new Set(batches.flatMap(({ places }) => places.map(({ place }) => place)));
  checked.add(admitted.size);
  for (const fault of outOfTurn(batches)) {
    console.error(fault);
    unturned.add(1);
  }
  // A comp has no place: nobody was let in for it.
  for (const { holdId, place } of readHolds()) {
    if (place === null || admitted.has(place)) continue;
    console.error(`hold ${holdId} is of a place that was never let in`);
    unadmitted.add(1);
  }
  unturned.add(0);
  unadmitted.add(0);
  afterSale(before);
}
