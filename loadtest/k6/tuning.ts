import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { arrivals } from './lib/arrivals.ts';
import { type Policy, readRoom, setPolicy } from './lib/desk.ts';
import { end } from './lib/ending.ts';
import { fanOf, think } from './lib/fan.ts';
import { lineUp } from './lib/line-up.ts';
import { numberOption, settings } from './lib/settings.ts';
import { fastEnough, sound, summaryTrendStats } from './lib/thresholds.ts';
import { type Step, tune } from './lib/tuning/operator.ts';

/**
 * The operator turns the knobs in mid-sale: rate up and down, pause and on again, capacity down and up. Each change must be in force within
 * a second, and in every window of four seconds as many must be let in as the policy in force says. Fans wait with sockets, look
 * around for a moment (THINK_SECONDS) and go; nobody buys. See loadtest/README.md.
 *
 * Options of its own: RATE_PER_MINUTE, which the steps multiply; FEW_SLOTS, the lowered capacity; STEP_SECONDS, how long each
 * change stays.
 */
const rate = numberOption('RATE_PER_MINUTE', 600, { min: 60, max: 600_000, whole: true });
const fewSlots = numberOption('FEW_SLOTS', 10, { min: 1, max: 1_000_000, whole: true });
const stepSeconds = numberOption('STEP_SECONDS', 8, { min: 5, max: 3_600 });

const MANY_SLOTS = Math.ceil(rate / 5);
const steps: readonly Step[] = [
  { name: 'steady', change: { paused: false, ratePerMinute: rate }, boundBy: 'rate' },
  { name: 'faster', change: { ratePerMinute: rate * 3 }, boundBy: 'rate' },
  { name: 'paused', change: { paused: true }, boundBy: 'pause' },
  { name: 'on-again', change: { paused: false, ratePerMinute: rate * 2 }, boundBy: 'rate' },
  { name: 'few-slots', change: { capacity: fewSlots }, boundBy: 'capacity' },
  { name: 'slower', change: { capacity: MANY_SLOTS, ratePerMinute: rate / 2 }, boundBy: 'rate' },
];

export const options: Options = {
  scenarios: {
    fans: arrivals('fan'),
    operator: {
      executor: 'shared-iterations',
      exec: 'operator',
      vus: 1,
      iterations: 1,
      // A line stands before the first change.
      startTime: `${Math.ceil(settings.arrivalSeconds) + 1}s`,
      maxDuration: `${Math.ceil(steps.length * (stepSeconds + 10)) + 60}s`,
    },
  },
  thresholds: {
    ...sound,
    ...fastEnough(['join', 'status', 'claim', 'operator']),
    fans_answered: ['rate==1'],
    policy_in_force: ['max<1000'],
    windows_judged: ['count>=20'],
    windows_missed: ['count==0'],
    beyond_capacity: ['count==0'],
    slots_used: ['avg>=80'],
    line_ran_dry: ['count==0'],
    ...Object.fromEntries(steps.map(({ name }) => [`windows_judged{step:${name}}`, ['count>0']])),
    ...Object.fromEntries(steps.map(({ name }) => [`policy_in_force{step:${name}}`, ['max<1000']])),
  },
  summaryTrendStats,
};

/** The doors are open and nobody is let in yet. @returns what is put back afterwards */
export function setup(): Policy {
  const { policy } = readRoom();
  setPolicy({ paused: true, capacity: MANY_SLOTS });
  return policy;
}

export async function fan(): Promise<void> {
  await end(fanOf(exec.scenario.iterationInTest), async (one) => {
    const came = await lineUp(one);
    if (typeof came === 'string') return came;
    await think(one);
    await one.api.ask('leave', { token: came.placeToken });
    return 'gaveUp';
  });
}

/** When all is judged, the rest of the line is let in. */
export function operator(): void {
  tune(steps, stepSeconds);
  setPolicy({ paused: false, capacity: settings.fans, ratePerMinute: 600_000 });
}

export function teardown({ paused, ratePerMinute, capacity }: Policy): void {
  setPolicy({ paused, ratePerMinute, capacity });
}
