/**
 * How a crowd comes, from a file: how many arrive at each moment, relative to each other. Between two points the weight goes
 * in a straight line; two points of one moment are a jump.
 */
export interface Curve {
  /** What it is modelled on. */
  readonly about: string;
  readonly points: ReadonlyArray<readonly [atSecond: number, weight: number]>;
}

/** What k6's `ramping-arrival-rate` is told. Rates are per `timeUnit`. */
export interface Ramp {
  readonly startRate: number;
  readonly timeUnit: '1h';
  readonly stages: ReadonlyArray<{ readonly duration: string; readonly target: number }>;
}

const POINTS_MAX = 1_000;
/** k6 takes whole numbers only: arrivals an hour are fine enough for less than one fan too many in a day. */
const UNIT_SECONDS = 3_600;
/** What k6 has not started when the stages are over it forgets, and calls nothing dropped: on a busy machine it is late. */
const LATE_MS = 5_000;

/** @param name of the file, for who must mend it. @throws Error naming what is wrong with it. */
export function curveOf(value: unknown, name: string): Curve {
  const wrong = (what: string): Error => new Error(`curve ${name}: ${what}`);
  const { about, points } = (value ?? {}) as { about?: unknown; points?: unknown };
  if (typeof about !== 'string' || about.trim() === '')
    throw wrong('`about` must say what it is modelled on');
  if (!Array.isArray(points) || points.length < 2 || points.length > POINTS_MAX) {
    throw wrong(`\`points\` must be 2 to ${POINTS_MAX} pairs of second and weight`);
  }
  points.forEach((point: unknown, at) => {
    const pair =
      Array.isArray(point) && point.length === 2 && point.every((part) => Number.isFinite(part) && part >= 0);
    if (!pair) throw wrong(`point ${at} is not a pair of numbers, both 0 or more`);
    if (at > 0 && point[0] < points[at - 1][0]) throw wrong(`point ${at} is before the one before it`);
  });
  const curve = { about, points: points as Curve['points'] };
  if (areaOf(curve) <= 0) throw wrong('nobody comes');
  return curve;
}

/** The curve stretched over `seconds`, so that `fans` arrive: the open schedule of a run, and a while for who is late. */
export function rampOf(curve: Curve, fans: number, seconds: number): Ramp {
  const [[first]] = curve.points as [readonly [number, number]];
  const stretch = seconds / (curve.points.at(-1)![0] - first);
  // k6 starts an iteration whenever the area under the ramp passes a whole number: the half keeps the last one from rounding.
  const perWeight = (fans + 0.5) / (areaOf(curve) * stretch);
  const atMs = (second: number): number => Math.round((second - first) * stretch * 1_000);
  const rate = (weight: number): number => Math.round(weight * perWeight * UNIT_SECONDS);
  return {
    startRate: rate(curve.points[0]![1]),
    timeUnit: '1h',
    stages: [
      ...curve.points.slice(1).map(([second, weight], at) => ({
        duration: `${atMs(second) - atMs(curve.points[at]![0])}ms`,
        target: rate(weight),
      })),
      { duration: '0ms', target: 0 },
      { duration: `${LATE_MS}ms`, target: 0 },
    ],
  };
}

/** When the fan of this number, counted from 0, is due, after the start. The same formula that k6 goes by. */
export function dueAtMs({ startRate, stages }: Ramp, number: number): number {
  const wanted = (number + 1) * UNIT_SECONDS * 1_000;
  let [sinceMs, arrived, before] = [0, 0, startRate];
  for (const { duration, target } of stages) {
    const lengthMs = Number.parseInt(duration, 10);
    const area = ((before + target) / 2) * lengthMs;
    if (lengthMs > 0 && arrived + area >= wanted) {
      const slope = (target - before) / lengthMs;
      const missing = wanted - arrived;
      // Root of slope / 2 · t² + before · t = missing, in the form that also holds for a level stage.
      return sinceMs + (2 * missing) / (before + Math.sqrt(before ** 2 + 2 * slope * missing));
    }
    [sinceMs, arrived, before] = [sinceMs + lengthMs, arrived + area, target];
  }
  return sinceMs;
}

/** Weight times seconds under the curve. */
const areaOf = ({ points }: Curve): number =>
  points.slice(1).reduce((sum, [second, weight], at) => {
    const [before, weightBefore] = points[at]!;
    return sum + ((weight + weightBefore) / 2) * (second - before);
  }, 0);
