import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { K6Command } from '../../bin/stack/k6-binary.ts';
import { describeHost } from '../bench/machine.ts';
import { reportFolder, writeReport } from '../report/folder.ts';
import { EXIT, outcomeOf } from '../report/outcome.ts';
import type { Report } from '../report/report.ts';
import { told } from '../report/sentence.ts';
import { type Measured, readSummary } from '../report/summary.ts';
import type { RunWish } from './arguments.ts';
import { ADDRESSES, type Desk } from './desk.ts';
import { underLoad } from './load.ts';
import { look } from './look.ts';
import type { Place } from './place.ts';
import type { Script } from './scripts.ts';
import type { Stage } from './stage.ts';
import { lineOf, watchSale } from './watch.ts';

/** All that a run has once its event is on sale. */
export interface Performance {
  readonly script: Script;
  readonly wish: RunWish;
  readonly settings: Readonly<Record<string, string>>;
  readonly openFiles: number;
  readonly k6: K6Command;
  /** Of the run, where pids are noted. */
  readonly dir: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly place: Place;
  readonly desk: Desk;
  readonly stage: Stage;
  say(line: string): void;
}

/** What k6 and its script are told beside the script's settings; a container sees only what is passed on by name. */
export const ENVIRONMENT = [
  'ONSALE_URL',
  'ONSALE_OPERATOR_TOKEN',
  'ONSALE_EVENT',
  'ONSALE_LOAD_TEST_TOKEN',
  'ONSALE_LOAD_TEST_ADDRESSES',
  'METRICS_URLS',
  'GOGC',
  'K6_AUTO_EXTENSION_RESOLUTION',
  'K6_WEB_DASHBOARD',
  'K6_WEB_DASHBOARD_EXPORT',
  'K6_WEB_DASHBOARD_PERIOD',
  'K6_WEB_DASHBOARD_PORT',
] as const;

/**
 * k6 looks for garbage through the JavaScript of every fan, and shares the machine with what it measures: four times as much may
 * gather before it does. The dashboard serves nobody (port -1) and is written to a file at the end, from samples of every second: of ten, as it is
 * otherwise, a short run has too few.
 */
export const environmentOf = (
  { place, stage, settings }: Pick<Performance, 'place' | 'stage' | 'settings'>,
  token: string,
  folder: string,
): Record<(typeof ENVIRONMENT)[number], string> => ({
  ONSALE_URL: place.url,
  ONSALE_OPERATOR_TOKEN: place.operatorToken,
  ONSALE_EVENT: stage.event,
  ONSALE_LOAD_TEST_TOKEN: token,
  ONSALE_LOAD_TEST_ADDRESSES: ADDRESSES,
  METRICS_URLS: place.metricsUrls.join(',') || (settings.METRICS_URLS ?? ''),
  GOGC: process.env.GOGC || '400',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  K6_WEB_DASHBOARD: 'true',
  K6_WEB_DASHBOARD_EXPORT: join(folder, 'k6.html'),
  K6_WEB_DASHBOARD_PERIOD: '1s',
  K6_WEB_DASHBOARD_PORT: '-1',
});

/** Every trend with its 99th percentile, whatever the script prints; and the summary that has thresholds in it. */
const FLAGS = [
  '--no-usage-report',
  '--summary-trend-stats=min,avg,med,p(90),p(95),p(99),max',
  '--new-machine-readable-summary=false',
];

/** k6 went through: all thresholds held, or some did not, or the script called the test failed, or it was stopped from outside. */
const STOPPED = 105;
const MARKED_AS_FAILED = 110;
const WENT_THROUGH: ReadonlyArray<number | null> = [0, 99, STOPPED, MARKED_AS_FAILED];

/** Load, then verdict, then report. @returns the status of the command. @throws when k6 did not go through. */
export async function perform(performance: Performance): Promise<number> {
  const { script, wish, openFiles, k6, dir, startedAt, signal, place, desk, stage, say } = performance;
  const folder = reportFolder(startedAt.toISOString(), script.name);
  const token = await desk.loadTestToken();
  const watch = watchSale(desk, stage.event, (moment) => say(lineOf(moment)));
  const beganAt = Date.now();
  const status = await underLoad({
    command: [
      ...k6,
      'run',
      ...FLAGS,
      '--summary-export',
      join(folder, 'summary.json'),
      ...wish.rest,
      script.path,
    ],
    env: { ...process.env, ...performance.settings, ...environmentOf(performance, token, folder) },
    openFiles,
    logFile: join(folder, 'k6.log'),
    dir,
    signal,
  }).finally(() => watch.stop());
  const seconds = (Date.now() - beganAt) / 1_000;
  if (!signal.aborted && !WENT_THROUGH.includes(status))
    throw new Error(`k6 ended with status ${status}; what it said is in ${join(folder, 'k6.log')}`);

  const promises = await look(place, stage.event, signal);
  const measured = measuredIn(folder, status === MARKED_AS_FAILED);
  const interrupted = signal.aborted || status === STOPPED;
  const report: Report = {
    script: script.name,
    about: script.setup.about,
    startedAt: startedAt.toISOString(),
    seconds,
    seed: wish.seed,
    target: place.kind,
    environment: environmentReport(performance),
    outcome: outcomeOf({ interrupted, promises, ...measured, looks: place.servers !== undefined }),
    promises,
    ...measured,
    timeline: await watch.stop(),
  };
  await writeReport(folder, report);
  say(told(report, relative(process.cwd(), folder)));
  return EXIT[report.outcome];
}

/** Nothing, when k6 was ended before it could say anything. @param failed the script itself said that it failed */
function measuredIn(folder: string, failed: boolean): Measured {
  const file = join(folder, 'summary.json');
  if (!existsSync(file)) return { metrics: {}, thresholds: [], checks: [] };
  const measured = readSummary(readFileSync(file, 'utf8'));
  if (!failed) return measured;
  const said = { metric: 'the script', threshold: 'did not call itself failed', pass: false, value: null };
  return { ...measured, thresholds: [...measured.thresholds, said] };
}

function environmentReport({
  k6,
  place,
  stage,
  openFiles,
  settings,
  wish,
}: Performance): Report['environment'] {
  const [program, ...before] = k6;
  const version = execFileSync(program, [...before, 'version'], { encoding: 'utf8' });
  return {
    machine: describeHost(),
    k6: version.trim().split('\n')[0]!,
    url: place.url,
    event: stage.event,
    clockAheadMs: stage.clockAheadMs,
    openFiles: Number.isFinite(openFiles) ? openFiles : null,
    settings: {
      ...settings,
      ...(wish.rest.length === 0 ? {} : { "k6's own arguments": wish.rest.join(' ') }),
    },
  };
}
