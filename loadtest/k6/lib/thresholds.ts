import type { Options } from 'k6/options';
import { journey } from './operations.ts';
import { settings } from './settings.ts';

type Thresholds = NonNullable<Options['thresholds']>;

/** What a summary says of every time. */
export const summaryTrendStats: NonNullable<Options['summaryTrendStats']> = [
  'min',
  'med',
  'avg',
  'p(90)',
  'p(95)',
  'p(99)',
  'max',
];

/** p99 of each operation under P99_MS. @param ops tags `op` */
export const fastEnough = (ops: readonly string[]): Thresholds =>
  Object.fromEntries(ops.map((op) => [`http_req_duration{op:${op}}`, [`p(99)<${settings.p99Ms}`]]));

/** What breaks every run: an arrival that the schedule dropped, a request without an answer worth the name, a check that fails. */
export const sound: Thresholds = {
  dropped_iterations: ['count==0'],
  http_req_failed: ['rate==0'],
  checks: ['rate==1'],
  faults: ['count==0'],
  // Repeats hide a slow sale from its own times: more than a few are one that does not keep up.
  retried: ['rate<0.01'],
};

/** Of a script whose fans make the whole journey: all of it fast enough, and nobody left without an answer. */
export const wholeJourney: Thresholds = {
  ...sound,
  ...fastEnough(journey),
  fans_answered: ['rate==1'],
  conversion: ['rate>0'],
};
