import exec from 'k6/execution';
import type { Options, RampingArrivalRateScenario } from 'k6/options';
import { curveOf, dueAtMs, rampOf } from './curve.ts';
import { type Fan, fanOf } from './fan.ts';
import { lateArrivals } from './metrics.ts';
import { settings } from './settings.ts';

const { curve: named, fans, arrivalSeconds, patienceSeconds } = settings;
const file = named.endsWith('.json') ? named : import.meta.resolve(`../curves/${named}.json`);
const ramp = rampOf(curveOf(JSON.parse(open(file)), named), fans, arrivalSeconds);

/** Later than this after he was due, a fan is late. */
const LATE_MS = 1_000;

/**
 * FANS arrivals within ARRIVAL_SECONDS along CURVE, on an open schedule: they come whether the sale keeps up or not, so that a
 * slow sale cannot slow its own load down. An arrival for whom no virtual user is free is a dropped iteration, and the
 * run is invalid.
 * @param exec the exported function that is one fan. @param atOnce fans there at once at most: virtual users
 */
export const arrivals = (exec: string, atOnce: number = fans): RampingArrivalRateScenario => ({
  executor: 'ramping-arrival-rate',
  exec,
  ...ramp,
  stages: [...ramp.stages],
  preAllocatedVUs: atOnce,
  maxVUs: atOnce,
  gracefulStop: `${patienceSeconds}s`,
});

/**
 * That the schedule was kept, beside what every run must keep: all came, and when they were due. A k6 that has too little of the machine starts them late, and what
 * it has not started in the end it calls no dropped iteration.
 * @param scenario the name of theirs
 */
export const scheduleKept = (scenario: string): NonNullable<Options['thresholds']> => ({
  late_arrivals: ['rate<0.01'],
  [`iterations{scenario:${scenario}}`]: [`count==${fans}`],
});

/** The fan whose iteration this is. */
export function arriving(): Fan {
  const { iterationInTest: number, startTime } = exec.scenario;
  lateArrivals.add(Date.now() - startTime - dueAtMs(ramp, number) > LATE_MS);
  return fanOf(number);
}
