import { check } from 'k6';
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { pause } from './lib/api.ts';
import { arrivals, arriving, scheduleKept } from './lib/arrivals.ts';
import { Drift } from './lib/drift.ts';
import { fanOf } from './lib/fan.ts';
import { journeyOf } from './lib/journey.ts';
import { residentBytesOf } from './lib/memory.ts';
import { journey } from './lib/operations.ts';
import { numberOption, settings, textOption } from './lib/settings.ts';
import { afterSale, beforeSale } from './lib/stock.ts';
import { anyTickets } from './lib/taste.ts';
import { summaryTrendStats, wholeJourney } from './lib/thresholds.ts';

/**
 * Long and steady: what is slower, larger or later in the last third than in the first would not survive the day. All fans are
 * tagged with their third (`third`); beside them a few watchers live one fan's sale after another and hold the thirds
 * against each other. Options of its own:
 *
 * - `AT_ONCE` (400): fans there at once at most; too few drop arrivals, and the run is invalid
 * - `DRIFT_MAX` (1.5): how much slower an operation or a push may be in the last third
 * - `MEMORY_DRIFT_MAX` (1.5): how much larger a process may be in the last third
 * - `METRICS_URLS` (none): addresses of the processes' metrics, separated by commas, where memory is read; they are on
 *   internal ports, so only from where those are reached
 */
const atOnce = numberOption('AT_ONCE', 400, { min: 1, max: 100_000, whole: true });
const driftMax = numberOption('DRIFT_MAX', 1.5, { min: 1, max: 100 });
const memoryDriftMax = numberOption('MEMORY_DRIFT_MAX', 1.5, { min: 1, max: 100 });
const metricsUrls = textOption('METRICS_URLS', 'none', /^(none|https?:\/\/\S+)$/)
  .split(',')
  .filter((url) => url !== 'none');

/** Watchers live side by side in one virtual user. */
const WATCHERS = 4;
const LOOK_EVERY_MS = 1_000;
/** Below these, what differs is chance: milliseconds of a request, and of a push, which comes with the ticks. */
const LATENCY_FLOOR_MS = 10;
const PUSH_FLOOR_MS = 300;
/** A fixed piece of work: long enough to be measured in whole milliseconds. */
const WORK_ROUNDS = 200_000;
const WORK_FLOOR_MS = 5;

const durationMs = settings.arrivalSeconds * 1_000;
/** Last third over first; tag `measure`. */
const drift = new Trend('drift');

export const options: Options = {
  scenarios: {
    fans: arrivals('fan', Math.min(atOnce, settings.fans)),
    watch: {
      executor: 'per-vu-iterations',
      exec: 'watch',
      vus: 1,
      iterations: 1,
      maxDuration: `${Math.ceil(settings.arrivalSeconds + 2 * settings.patienceSeconds)}s`,
    },
  },
  thresholds: {
    ...wholeJourney,
    ...scheduleKept('fans'),
    'http_req_duration{third:first}': [`p(99)<${settings.p99Ms}`],
    'http_req_duration{third:last}': [`p(99)<${settings.p99Ms}`],
    ...Object.fromEntries(
      [...journey, 'push', 'machine'].map((one) => [`drift{measure:${one}}`, [`max<${driftMax}`]]),
    ),
    ...(metricsUrls.length === 0 ? {} : { 'drift{measure:memory}': [`max<${memoryDriftMax}`] }),
  },
  summaryTrendStats,
};

export const setup = beforeSale;

export async function fan(): Promise<void> {
  const third = ['first', 'middle', 'last'][Math.min(2, Math.floor(exec.scenario.progress * 3))]!;
  exec.vu.metrics.tags.third = third;
  await journeyOf(arriving(), anyTickets());
}

export async function watch(): Promise<void> {
  const watched = new Drift();
  const startedAtMs = Date.now();
  const progress = (): number => (Date.now() - startedAtMs) / durationMs;
  let number = settings.fans;
  const live = async (): Promise<void> => {
    while (progress() < 1) {
      number += 1;
      const watcher = fanOf(number, (measure, ms) => watched.add(measure, ms, progress()));
      await journeyOf(watcher, anyTickets());
    }
  };
  const lookAround = async (): Promise<void> => {
    for (; progress() < 1; await pause(LOOK_EVERY_MS)) {
      for (const url of metricsUrls) watched.add(url, residentBytesOf(url), progress());
      watched.add('machine', workMs(), progress());
    }
  };
  await Promise.all([lookAround(), ...Array.from({ length: WATCHERS }, live)]);

  const told = (measure: string, of: number | undefined, tags: Record<string, string>): void => {
    check(of, { [`${measure} was seen often enough in both thirds`]: (ratio) => ratio !== undefined });
    if (of !== undefined) drift.add(of, tags);
  };
  for (const op of journey) told(op, watched.of(op, LATENCY_FLOOR_MS), { measure: op });
  told('push', watched.of('push', PUSH_FLOOR_MS), { measure: 'push' });
  told('machine', watched.of('machine', WORK_FLOOR_MS), { measure: 'machine' });
  for (const url of metricsUrls) told(url, watched.of(url, 1), { measure: 'memory', process: url });
}

/** How long the same work takes: what else the machine has to do is in it. */
function workMs(): number {
  const startedAtMs = Date.now();
  let sum = 0;
  for (let round = 0; round < WORK_ROUNDS; round += 1) sum += round % 7;
  return sum > 0 ? Date.now() - startedAtMs : 0;
}

export const teardown = afterSale;
