import type { Metric, Outcome, Promised, Threshold } from './report.ts';

/** What the command ends with. 2 is also that of a run that could not be tried at all. */
export const EXIT: Readonly<Record<Outcome, number>> = {
  kept: 0,
  broken: 1,
  unjudged: 2,
  invalid: 3,
  interrupted: 130,
};

/** Arrivals that k6 did not make, for want of free virtual users. */
export const droppedOf = (metrics: Readonly<Record<string, Metric>>): number =>
  metrics.dropped_iterations?.values.count ?? 0;

/**
 * Thresholds of the load itself and not of the sale: all arrivals were made, and when they were due. What a k6 with too little of
 * the machine never starts it does not call dropped, so scripts count who came, and who came late (loadtest/k6/lib/arrivals.ts).
 */
const OF_THE_SCHEDULE = /^(late_arrivals|iterations\{)/;

/** In what the load was not the one that was asked for; empty when it was. */
export function missedSchedule({ metrics, thresholds }: Pick<Findings, 'metrics' | 'thresholds'>): string[] {
  const dropped = droppedOf(metrics);
  const missed = thresholds
    .filter(({ metric, pass }) => !pass && OF_THE_SCHEDULE.test(metric))
    .map(({ metric, threshold }) => `${metric} ${threshold}`);
  return [
    // A threshold of what was never measured holds, as k6 sees it: with nobody there, all of them would.
    ...(metrics.iterations?.values.count ? [] : ['nobody came']),
    ...(dropped > 0 ? [`${dropped} arrivals were dropped`] : []),
    ...missed,
  ];
}

export interface Findings {
  readonly interrupted: boolean;
  readonly promises: readonly Promised[];
  readonly thresholds: readonly Threshold[];
  readonly metrics: Readonly<Record<string, Metric>>;
  /** The promises can be looked at here: a sale of this machine, or the servers of the target were named. */
  readonly looks: boolean;
}

/**
 * The verdict. A promise that is broken is broken under any load, also under half of one. Thresholds are of the load that was asked
 * for: when arrivals were dropped, late or never made they tell nothing, whether they pass or not.
 */
export function outcomeOf({ interrupted, promises, thresholds, metrics, looks }: Findings): Outcome {
  if (promises.some(({ kept }) => kept === false)) return 'broken';
  if (interrupted) return 'interrupted';
  if (missedSchedule({ metrics, thresholds }).length > 0) return 'invalid';
  if (thresholds.some(({ pass }) => !pass)) return 'broken';
  return looks && promises.some(({ kept }) => kept === null) ? 'unjudged' : 'kept';
}
