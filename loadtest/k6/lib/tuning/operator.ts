import { sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { type Policy, readAdmissions, readRoom, setPolicy } from '../desk.ts';
import { beyondCapacity, kept, type Stretch, windowsOf } from './windows.ts';

/** How long a change took until a tick worked by it, as the operator sees it. */
const inForce = new Trend('policy_in_force', true);
const judged = new Counter('windows_judged');
const missed = new Counter('windows_missed');
/** Of a window: admissions of what the rate gives, percent. */
const ofRate = new Trend('admitted_of_rate');
const overfull = new Counter('beyond_capacity');
/** Of the slots there are, those that were taken while capacity alone bounded admission, percent. */
const slotsUsed = new Trend('slots_used');
/** Looks at which nobody waited: then it is not the policy that bounds. */
const ranDry = new Counter('line_ran_dry');

/** One change, and for how long it stays. */
export interface Step {
  readonly name: string;
  readonly change: Partial<Pick<Policy, 'ratePerMinute' | 'capacity' | 'paused'>>;
  readonly boundBy: 'rate' | 'pause' | 'capacity';
}

interface Look {
  readonly slots: number;
  readonly tickedAtMs: number;
}

interface Lived extends Stretch {
  readonly step: Step;
  readonly capacity: number;
  readonly looks: readonly Look[];
}

const LOOK_EVERY_S = 0.1;
const WINDOW = { windowMs: 4_000, stepMs: 500 };
/** Slots of who was inside when the capacity was lowered are free after this. */
const COME_DOWN_MS = 4_000;

/** Makes one change after the other, then reads the record of who was let in, and judges it by the policies in force. */
export function tune(steps: readonly Step[], seconds: number): void {
  const lived = steps.map((step) => live(step, seconds));
  const admitted = readAdmissions().map(({ takenAtMs, places }) => ({
    atMs: takenAtMs,
    fans: places.length,
  }));
  for (const stretch of lived) {
    if (stretch.step.boundBy === 'capacity') judgeSlots(stretch);
    else judgeWindows(stretch, admitted);
  }
}

function live(step: Step, seconds: number): Lived {
  const tags = { step: step.name };
  const askedAtMs = Date.now();
  const { policy } = setPolicy(step.change);
  let room = readRoom();
  while ((room.live?.policyVersion ?? 0) < policy.version) {
    // After ten seconds it is late by any measure: what follows is judged all the same.
    if (Date.now() - askedAtMs > 10_000) break;
    sleep(0.02);
    room = readRoom();
  }
  inForce.add(Date.now() - askedAtMs, tags);

  const fromMs = room.live!.tickedAtMs;
  const looks: Look[] = [];
  for (const untilMs = Date.now() + seconds * 1_000; Date.now() < untilMs; sleep(LOOK_EVERY_S)) {
    const { waiting, offers, sessions, tickedAtMs } = readRoom().live!;
    looks.push({ slots: offers + sessions, tickedAtMs });
    ranDry.add(waiting === 0 ? 1 : 0, tags);
  }
  const untilMs = looks.at(-1)!.tickedAtMs;
  const { ratePerMinute, paused, capacity } = policy;
  return { step, ratePerMinute, paused, capacity, fromMs, untilMs, looks };
}

function judgeWindows(stretch: Lived, admitted: Parameters<typeof windowsOf>[1]): void {
  const tags = { step: stretch.step.name };
  for (const window of windowsOf(stretch, admitted, WINDOW)) {
    judged.add(1, tags);
    missed.add(kept(window) ? 0 : 1, tags);
    const rate = (stretch.ratePerMinute * WINDOW.windowMs) / 60_000;
    if (!stretch.paused) ofRate.add((100 * window.admitted) / rate, tags);
    if (!kept(window)) console.error(`${tags.step}: ${JSON.stringify(window)}`);
  }
}

function judgeSlots({ step, capacity, fromMs, looks }: Lived): void {
  const tags = { step: step.name };
  judged.add(1, tags);
  overfull.add(
    beyondCapacity(
      looks.map(({ slots }) => slots),
      capacity,
    ),
    tags,
  );
  for (const { slots, tickedAtMs } of looks) {
    if (tickedAtMs > fromMs + COME_DOWN_MS) slotsUsed.add((100 * slots) / capacity, tags);
  }
}
