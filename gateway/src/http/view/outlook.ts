import type { Forecast } from '@onsale/shared/forecast';
import type { Room } from '@onsale/shared/http/internal';
import type { Odds, WaitRange } from '@onsale/shared/http/line';
import type { Lane } from '@onsale/shared/lanes';
import type { Snapshot } from '@onsale/shared/snapshot';
import { type Ahead, admissionsUntil } from './ahead.ts';
import type { RoomNow } from './rooms.ts';

/** Quantile of the normal distribution that 1 in 20 exceeds. */
const Z95 = 1.645;
/**
 * What no measurement knows: how an operator will change the rate, a pause, a rush in another lane. Standard deviation of a
 * wait's logarithm, for waits much longer than `afterMinutes`; a pause only lengthens, so more above than below.
 */
const CHANGE = { below: 0.035, above: 0.13, afterMinutes: 5 };
/** How many come meanwhile by other lanes: its standard deviation, as a part of them. */
const OTHERS = 0.5;
/** The mean of what fans buy changes while the best tickets go: its standard deviation, as a part of it. */
const TASTE = 0.06;
/** A wait is told to whom the free tickets last for with this chance at least. */
const LASTS_MIN = 0.5;

type Pace = NonNullable<Forecast['pace']>;
type PerFan = NonNullable<NonNullable<Forecast['stock']>['perFan']>;

interface Asked {
  readonly place: number;
  readonly lane: Lane;
}

/**
 * How long until a place's turn, as a range: 1 wait in 20 is shorter, 1 in 20 longer. Null while nothing can be said
 * honestly: admission follows what others do with their tickets, or will before it is this fan's turn.
 *
 * Each end is worked out by itself, from a number of fans, a rate and a time per slot that are as good or as bad for him as
 * 1 time in 20. Every step of it grows with the place, so who stands further back is never told less.
 */
export function waitOf(asked: Asked, { room, snapshot }: RoomNow, nowMs: number): WaitRange | null {
  if (snapshot === undefined || !moves(room, snapshot)) return null;
  const ahead = admissionsUntil(asked, room, snapshot);
  if (lasts(ahead, snapshot) < LASTS_MIN) return null;
  const doors = Math.max(0, (room.opensAtMs ?? 0) - nowMs) / 60_000;
  const at = (z: number): number => doors + minutesUntil(ahead, room, snapshot, z);
  return told(at(-Z95), at(0), at(Z95));
}

/** Whether anybody is let in at all, and it can be told how fast. */
const moves = ({ capacity }: Room, { forecast: { pace } }: Snapshot): boolean =>
  capacity > 0 && pace !== null && pace.perMinute > 0;

/** From the doors, or from now, until his turn. @param z how bad for him, in standard deviations; 0: the middle */
function minutesUntil({ all: fans, others }: Ahead, room: Room, snapshot: Snapshot, z: number): number {
  const { crowd } = snapshot.forecast;
  const pace = snapshot.forecast.pace!;
  const change = z < 0 ? CHANGE.below : CHANGE.above;
  // Causes that know nothing of each other seldom all turn out badly: together they count as the root of their squares.
  const slotsDoubt = mayFill(room, pace) ? pace.slots.doubt : 0;
  const doubts = crowd.doubt + slotsDoubt + change;
  const partly = Math.hypot(crowd.doubt, slotsDoubt, change) / doubts;

  const spread = Math.hypot(
    Math.sqrt((fans * pace.deviation ** 2) / pace.perMinute),
    OTHERS * others,
    crowd.doubt * partly * fans,
  );
  const more = (Math.abs(z) * spread) / fans;
  const count = z < 0 ? fans / (1 + more) : fans * (1 + more);
  const slots = { capacity: room.capacity, used: snapshot.offers + snapshot.sessions };
  const kept = pace.slots.minutes * Math.exp(z * partly * slotsDoubt);
  const minutes = givingUp(minutesFor(count, pace.perMinute, slots, kept), crowd.leavingPerMinute);
  return minutes * Math.exp(z * partly * change * Math.sqrt(minutes / (minutes + CHANGE.afterMinutes)));
}

/** Whether the slots may run out at all. */
const mayFill = ({ capacity }: Room, { perMinute, slots }: Pace): boolean =>
  perMinute * slots.minutes * Math.exp(Z95 * slots.doubt) > capacity;

/** Minutes until so many were let in: at the rate, and once the slots are full no faster than they are freed. */
function minutesFor(
  fans: number,
  perMinute: number,
  { capacity, used }: { capacity: number; used: number },
  slotMinutes: number,
): number {
  const freedPerMinute = capacity / slotMinutes;
  if (perMinute <= freedPerMinute) return fans / perMinute;
  const inUse = Math.min(used, capacity);
  const fullAfter = slotMinutes * Math.log((perMinute - inUse / slotMinutes) / (perMinute - freedPerMinute));
  const before = perMinute * fullAfter;
  return fans <= before ? fans / perMinute : fullAfter + (fans - before) / freedPerMinute;
}

/** The same, when a part of those ahead gives up in every minute. */
const givingUp = (minutes: number, leavingPerMinute: number): number =>
  leavingPerMinute < 1e-6 ? minutes : Math.log1p(leavingPerMinute * minutes) / leavingPerMinute;

/**
 * In steps that a glance can hold, wider for longer waits, each a multiple of the one before: who stands further back is
 * never told less. The longer end outwards: a fan forgives a wait that ends early.
 */
function told(from: number, middle: number, to: number): WaitRange {
  const [fromMs, toMs] = [inSteps(from, Math.round), Math.max(5_000, inSteps(to, Math.ceil))];
  return { fromMs, middleMs: Math.min(toMs, Math.max(fromMs, inSteps(middle, Math.round))), toMs };
}

function inSteps(minutes: number, round: (steps: number) => number): number {
  const ms = minutes * 60_000;
  const stepMs = ms < 60_000 ? 5_000 : ms < 300_000 ? 15_000 : ms < 1_200_000 ? 60_000 : 300_000;
  return round(ms / stepMs) * stepMs;
}

/**
 * How likely it is that tickets are left at a place's turn, and that it comes before the sale ends. Null while too few
 * turns are over to say.
 */
export function oddsOf(asked: Asked, { room, snapshot }: RoomNow, nowMs: number): Odds | null {
  const stock = snapshot?.forecast.stock ?? null;
  if (snapshot === undefined || stock === null || stock.perFan === null) return null;
  const { free, held, spoken, perFan } = stock;
  const ahead = admissionsUntil(asked, room, snapshot);
  const chance = enough(free + held, spoken.free + spoken.held, stayingOf(ahead, snapshot), perFan);
  return oddsFrom(chance * inTime(ahead, room, snapshot, nowMs));
}

/** How likely it is that nobody ahead has to wait for what others give back: only then does the pace last. */
function lasts(ahead: Ahead, snapshot: Snapshot): number {
  const { stock } = snapshot.forecast;
  if (stock === null || stock.perFan === null) return 1;
  return enough(stock.free, stock.spoken.free, stayingOf(ahead, snapshot), stock.perFan);
}

/** Fans who will be let in before: not those who give up until then. */
function stayingOf({ all }: Ahead, snapshot: Snapshot): number {
  const { pace, crowd } = snapshot.forecast;
  if (pace === null || pace.perMinute === 0) return all - 1;
  const minutes = all / pace.perMinute;
  return (all * givingUp(minutes, crowd.leavingPerMinute)) / minutes - 1;
}

function inTime(ahead: Ahead, room: Room, snapshot: Snapshot, nowMs: number): number {
  const { opensAtMs, endsAtMs } = room;
  const { pace, crowd } = snapshot.forecast;
  if (endsAtMs === null || pace === null || !moves(room, snapshot)) return 1;
  const left = (endsAtMs - Math.max(nowMs, opensAtMs ?? 0)) / 60_000;
  if (left <= 0) return 0;
  const doubt = Math.hypot(crowd.doubt, mayFill(room, pace) ? pace.slots.doubt : 0, CHANGE.above);
  return normal(Math.log(left / minutesUntil(ahead, room, snapshot, 0)) / doubt);
}

/** How likely it is that so many fans, and those who were let in before them, leave something of so many tickets. */
function enough(tickets: number, spoken: number, fans: number, { mean, deviation, doubt }: PerFan): number {
  if (tickets === 0) return 0;
  const wanted = fans * mean + spoken;
  const variance = wanted * (deviation ** 2 / Math.max(mean, 0.1)) + wanted ** 2 * (doubt ** 2 + TASTE ** 2);
  return normal((tickets - 0.5 - wanted) / Math.sqrt(Math.max(variance, 0.01)));
}

function oddsFrom(chance: number): Odds {
  if (chance < 0.05) return { bound: 'under', percent: 5 };
  if (chance > 0.95) return { bound: 'over', percent: 95 };
  return { bound: 'about', percent: Math.round(chance * 20) * 5 };
}

/** The standard normal distribution function, to six digits (Abramowitz and Stegun 7.1.26). */
function normal(z: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-(z * z) / 2);
  return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}
