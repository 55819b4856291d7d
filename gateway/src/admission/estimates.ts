import type { Room } from '@onsale/shared/http/internal';
import { admittedIn, type Memory, type Tally } from './memory.ts';

/** How long a slot is kept before any was freed, as a part of the session's time; and the doubt of that. */
const SLOT_PRIOR = { part: 0.41, doubt: 0.235 };
/** The doubt that stays however much was measured: fans of the next hour are not those of the last. */
const LEAST_DOUBT = 0.035;
/** Counts before any was seen, so that the first few do not decide. */
const FIRST = { turns: 50, leaveMinutes: 500, allowedMinutes: 0.1 };
/** Before any turn has come: the share that is there, and its doubt; and how much of the absence is another's further back. */
const TURNOUT = { mean: 0.72, doubt: 0.24, drift: 0.3 };
/** Before anybody has given up: the share that does in a minute. */
const LEAVING = 0.005;

/** What is made of a memory. A doubt is the standard deviation of a logarithm. */
export interface Estimates extends Readonly<Record<string, number>> {
  /** Of what the rate allowed while nothing else bound, the part that was let in. */
  readonly rateKept: number;
  readonly slotMinutes: number;
  readonly slotDoubt: number;
  /** Of those whose turn comes, the part that is there. */
  readonly turnout: number;
  readonly turnoutDoubt: number;
  /** Of those who wait, the part that gives up in a minute. */
  readonly leaving: number;
  /** Of those who are let in, the part by these lanes. */
  readonly priority: number;
  readonly returning: number;
}

/** By how much an estimate may be off before it is told anew: a part of it, or of `least` where that is more. */
const TOLERANCE: Readonly<Record<string, { part: number; least: number }>> = {
  rateKept: { part: 0.02, least: 0 },
  slotMinutes: { part: 0.04, least: 0 },
  slotDoubt: { part: 0.2, least: 0.05 },
  turnout: { part: 0.03, least: 0 },
  turnoutDoubt: { part: 0.2, least: 0.05 },
  leaving: { part: 0.2, least: 0.005 },
  priority: { part: 0.2, least: 0.1 },
  returning: { part: 0.2, least: 0.1 },
};

type Policy = Pick<Room, 'ratePerMinute' | 'sessionTtlMs'>;

/** The memory with what is told of it from now on: what was told before, where that is still about right. */
export function settled(policy: Policy, memory: Memory): Memory {
  const now = estimatesOf(policy, memory);
  const { told } = memory;
  if (told === null) return { ...memory, told: now };
  const settle = ([what, is]: [string, number]): [string, number] => {
    const { part, least } = TOLERANCE[what]!;
    const was = told[what];
    return [what, was !== undefined && Math.abs(is - was) <= part * Math.max(was, least) ? was : is];
  };
  return { ...memory, told: Object.fromEntries(Object.entries(now).map(settle)) };
}

/** What was told last; what can be made of the memory where nothing was. */
export const toldOf = (policy: Policy, memory: Memory): Estimates =>
  (memory.told as Estimates | null) ?? estimatesOf(policy, memory);

export function estimatesOf(policy: Policy, memory: Memory): Estimates {
  const { recent, long } = memory;
  const first = policy.ratePerMinute * FIRST.allowedMinutes;
  const slots = slotsOf(policy, memory);
  const turnout = turnoutOf(memory);
  const partOf = (lane: 'priority' | 'returning'): number =>
    recent.admitted[lane] / Math.max(1, admittedIn(recent));
  return {
    rateKept: Math.min(1, (recent.given + first) / Math.max(1e-9, recent.allowed + first)),
    slotMinutes: slots.minutes,
    slotDoubt: slots.doubt,
    turnout: turnout.mean,
    turnoutDoubt: turnout.doubt,
    leaving: (long.left + FIRST.leaveMinutes * LEAVING) / (long.waitMinutes + FIRST.leaveMinutes),
    priority: partOf('priority'),
    returning: partOf('returning'),
  };
}

/**
 * Minutes that a slot is kept: slots in use by the minute, over slots freed. At first nobody has been in for long enough
 * to go, so until the slots have changed hands once or twice a guess from the policy weighs as much as what is seen.
 */
function slotsOf({ sessionTtlMs }: Policy, { recent, long, generations, slots }: Memory) {
  const guess = (SLOT_PRIOR.part * sessionTtlMs) / 60_000;
  const guessWeighs = Math.exp(-generations);
  const guessed = guessWeighs * Math.max(10, slots);
  const minutesOf = ({ freed, slotMinutes }: Tally): Measure => {
    const count = Math.max(1e-3, Math.max(0, freed) + guessed);
    const minutes = Math.max(1 / 60, slotMinutes + guessed * guess);
    return { value: minutes / count, variance: 1 / Math.max(1, count) };
  };
  const { value, variance } = balanced(minutesOf(recent), minutesOf(long));
  const doubt = Math.sqrt(SLOT_PRIOR.doubt ** 2 * guessWeighs + variance + LEAST_DOUBT ** 2);
  return { minutes: value, doubt };
}

function turnoutOf({ recent, long }: Memory): { mean: number; doubt: number } {
  const shareOf = (tally: Tally): Measure => {
    const came = admittedIn(tally) + FIRST.turns * TURNOUT.mean;
    // Those who come back after they were passed over cost admissions and no turn of the line: more came than had a turn.
    const value = came / Math.max(came / 4, admittedIn(tally) + tally.passed + FIRST.turns);
    return { value, variance: Math.abs(1 - value) / came };
  };
  const { value, variance } = balanced(shareOf(recent), shareOf(long));
  const guessed = FIRST.turns / (FIRST.turns + admittedIn(long));
  return {
    mean: Math.max(0.02, value),
    doubt: Math.hypot(Math.sqrt(variance), TURNOUT.doubt * guessed, TURNOUT.drift * Math.abs(1 - value)),
  };
}

interface Measure {
  readonly value: number;
  readonly variance: number;
}

/**
 * Of two measures of one quantity, the recent one, which varies, and the long one, which may be of another time: weighed
 * by variance, where their difference counts as bias of the long one as far as chance does not explain it.
 */
export function balanced(recent: Measure, long: Measure): Measure {
  const apart = Math.log(recent.value / long.value) ** 2;
  const bias = Math.max(0, apart - recent.variance - long.variance);
  const all = recent.variance + long.variance + bias;
  const weight = all === 0 ? 1 : (long.variance + bias) / all;
  return {
    value: recent.value ** weight * long.value ** (1 - weight),
    variance: weight ** 2 * recent.variance + (1 - weight) ** 2 * (long.variance + bias),
  };
}
