import { formatted } from '../bench/table.ts';
import { barChart, lineChart } from './chart.ts';
import { clock } from './figures.ts';
import type { Moment, Report } from './report.ts';

/** A chart, and what it shows in words. */
export interface Figure {
  readonly title: string;
  readonly svg: string;
  readonly said: string;
}

type Told = Exclude<keyof Moment, 'atMs'>;

/** The sale over time, and what each operation took. */
export function chartsOf({ timeline, thresholds, metrics }: Report): Figure[] {
  const x = { label: 'since the run began', format: clock };
  const lines = (
    title: string,
    label: string,
    told: ReadonlyArray<readonly [name: string, key: Told]>,
    said: string,
    format = formatted,
  ): Figure => ({
    title,
    svg: lineChart({
      title,
      x,
      y: { label, format },
      series: told.map(([name, key]) => ({
        name,
        points: timeline.map((moment) => [moment.atMs / 1_000, moment[key]] as const),
      })),
    }),
    said,
  });
  return [
    lines('Fans waiting', 'fans', [['waiting', 'waiting']], most(timeline, 'waiting', 'waiting')),
    lines(
      'Admitted per minute, beside the rate set',
      'fans per minute',
      [
        ['admitted in the minute before', 'admittedPerMinute'],
        ['rate', 'ratePerMinute'],
      ],
      most(timeline, 'admittedPerMinute', 'admitted in a minute'),
    ),
    lines(
      'Fans with an offer and fans who shop',
      'fans',
      [
        ['offered', 'offered'],
        ['shopping', 'shopping'],
      ],
      most(timeline, 'shopping', 'shopping at once'),
    ),
    lines(
      'Tickets sold, held and free',
      'tickets',
      [
        ['sold', 'sold'],
        ['held', 'held'],
        ['free', 'free'],
      ],
      lastOf(timeline),
    ),
    lines(
      'How old the line was when the sale told of it',
      'ms since the last tick',
      [['staleness', 'stalenessMs']],
      most(timeline, 'stalenessMs', 'ms old'),
    ),
    ...operations({ thresholds, metrics }),
  ];
}

function operations({ thresholds, metrics }: Pick<Report, 'thresholds' | 'metrics'>): Figure[] {
  const bars = thresholds.flatMap(({ metric }) => {
    const op = /^http_req_duration\{op:([^},]+)\}$/.exec(metric)?.[1];
    const value = metrics[metric]?.values['p(99)'];
    return op === undefined || value === undefined ? [] : [{ name: op, value }];
  });
  if (bars.length === 0) return [];
  bars.sort((a, b) => b.value - a.value);
  const slowest = bars[0]!;
  return [
    {
      title: 'Time of each operation',
      svg: barChart({ title: 'Time of each operation', label: 'p99 of each operation, ms', bars }),
      said: `The slowest is ${slowest.name}: one in a hundred takes ${formatted(slowest.value)} ms or more.`,
    },
  ];
}

/** The highest there was, and when. */
function most(timeline: readonly Moment[], key: Told, what: string): string {
  const highest = timeline.reduce<Moment | undefined>(
    (a, b) => (b[key] !== null && (a === undefined || b[key] > a[key]!) ? b : a),
    undefined,
  );
  if (highest === undefined) return 'Not told.';
  return `At most ${formatted(highest[key]!)} ${what}, after ${clock(highest.atMs / 1_000)}.`;
}

function lastOf(timeline: readonly Moment[]): string {
  const last = timeline.findLast(({ sold }) => sold !== null);
  if (last === undefined) return 'Not told.';
  return `At the end ${formatted(last.sold!)} sold, ${formatted(last.held ?? 0)} held, ${formatted(last.free ?? 0)} free.`;
}
