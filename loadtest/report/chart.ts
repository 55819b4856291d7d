import { nice, ticks } from 'd3-array';
import { formatted } from '../bench/table.ts';
import { at, GRID, INK, picture, STYLES, type Style, textAt, widthOf } from './svg.ts';
import { type Points, thinned } from './thinned.ts';

/**
 * Charts as SVG text, without a page or a library in it. Ticks are d3's; why no
 * whole chart library: docs/decisions/0013.
 */
export interface Axis {
  readonly label: string;
  /** How its numbers are written; thousands apart when not said. */
  readonly format?: (value: number) => string;
}

export interface Series {
  readonly name: string;
  readonly points: Points;
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** At most five: more cannot be told apart. */
  readonly series: readonly Series[];
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Least and greatest of several runs, drawn as a whisker. */
  readonly min?: number;
  readonly max?: number;
  /** The one the chart is about. */
  readonly emphasis?: boolean;
}

export interface BarChart {
  readonly title: string;
  /** What the bars measure, with its unit. */
  readonly label: string;
  readonly format?: (value: number) => string;
  /** For longer names than a phone is wide. */
  readonly width?: number;
  readonly bars: readonly Bar[];
}

const WIDTH = 360;
const PLOT_HEIGHT = 170;
const PAD = 8;
const LEGEND_ROW = 18;
const ROW = 36;

/** Lines over a common x, both from 0 upwards. @throws RangeError for more series than can be told apart. */
export function lineChart({ title, x, y, series }: LineChart): string {
  if (series.length > STYLES.length) throw new RangeError(`${series.length} lines cannot be told apart`);
  const drawn = series.map(({ name, points }, i) => ({ name, points: thinned(points), style: STYLES[i]! }));
  const all = drawn.flatMap(({ points }) => points);
  const xs = all.map(([value]) => value);
  const xTo = Math.max(...xs, 0) || 1;
  const [, yTo] = nice(0, Math.max(...all.map(([, value]) => value ?? 0), 0) || 1, 4);

  const legend = legendOf(drawn);
  const yTicks = ticks(0, yTo, 4).map((value) => [value, (y.format ?? formatted)(value)] as const);
  const left = PAD + Math.max(...yTicks.map(([, text]) => widthOf(text))) + 6;
  const right = WIDTH - PAD - 6;
  const top = legend.height + 24;
  const bottom = top + PLOT_HEIGHT;
  const toX = (value: number): number => left + (value / xTo) * (right - left);
  const toY = (value: number): number => bottom - (value / yTo) * PLOT_HEIGHT;

  return picture(title, WIDTH, bottom + 40, [
    legend.svg,
    textAt(PAD, legend.height + 14, y.label),
    ...yTicks.flatMap(([value, text]) => [
      `<line x1="${at(left)}" x2="${at(right)}" y1="${at(toY(value))}" y2="${at(toY(value))}" stroke="${GRID}"/>`,
      textAt(left - 6, toY(value) + 4, text, { anchor: 'end' }),
    ]),
    ...ticks(0, xTo, 6).map((value) =>
      textAt(toX(value), bottom + 16, (x.format ?? formatted)(value), { anchor: 'middle' }),
    ),
    textAt(right, bottom + 33, x.label, { anchor: 'end' }),
    ...drawn.map(
      ({ points, style }) =>
        `<path d="${pathOf(points, toX, toY)}" fill="none" stroke-width="2" stroke-linejoin="round" ${stroke(style)}/>`,
    ),
  ]);
}

/** One bar below the other, each with its name and number above it: long names fit on a phone. */
export function barChart({ title, label, format = formatted, width = WIDTH, bars }: BarChart): string {
  const top = 26;
  const right = width - PAD;
  const greatest = Math.max(...bars.map(({ value, max = value }) => Math.max(value, max)), 0) || 1;
  const toX = (value: number): number => PAD + (Math.max(0, value) / greatest) * (right - PAD);
  return picture(title, width, top + bars.length * ROW + PAD, [
    textAt(PAD, 16, label),
    ...bars.flatMap(({ name, value, min, max, emphasis = false }, i) => {
      const y = top + i * ROW;
      return [
        textAt(PAD, y + 12, name, { colour: INK, bold: emphasis }),
        textAt(right, y + 12, format(value), { anchor: 'end', colour: INK, bold: emphasis }),
        `<rect x="${PAD}" y="${at(y + 17)}" width="${at(Math.max(1, toX(value) - PAD))}" height="10" rx="2" fill="${emphasis ? STYLES[0].colour : '#8a8d92'}"/>`,
        min === undefined || max === undefined ? '' : whisker(toX(min), toX(max), y + 22),
      ];
    }),
  ]);
}

const stroke = ({ colour, dash }: Style): string =>
  `stroke="${colour}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;

const whisker = (from: number, to: number, y: number): string =>
  `<path d="M${at(from)} ${at(y - 4)}v8M${at(from)} ${at(y)}H${at(to)}M${at(to)} ${at(y - 4)}v8" stroke="${INK}" fill="none"/>`;

function pathOf(points: Points, toX: (x: number) => number, toY: (y: number) => number): string {
  let path = '';
  let gap = true;
  for (const [x, y] of points) {
    if (y !== null) path += `${gap ? 'M' : 'L'}${at(toX(x))} ${at(toY(y))}`;
    gap = y === null;
  }
  return path;
}

/** As many entries in a row as fit. One line alone is what the chart is called. */
function legendOf(series: ReadonlyArray<{ name: string; style: Style }>): { svg: string; height: number } {
  if (series.length < 2) return { svg: '', height: 0 };
  let x = PAD;
  let row = 1;
  const entries = series.map(({ name, style }) => {
    const width = 26 + widthOf(name) + 14;
    if (x > PAD && x + width > WIDTH - PAD) {
      x = PAD;
      row += 1;
    }
    const y = row * LEGEND_ROW - 4;
    const entry = `<line x1="${at(x)}" x2="${at(x + 20)}" y1="${y - 4}" y2="${y - 4}" stroke-width="2" ${stroke(style)}/>${textAt(x + 26, y, name, { colour: INK })}`;
    x += width;
    return entry;
  });
  return { svg: entries.join(''), height: row * LEGEND_ROW };
}
