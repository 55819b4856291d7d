import { aligned } from '../bench/table.ts';
import { breaks, type Change, type Comparison } from './compare.ts';
import { figure } from './figures.ts';

/** The comparison for people: what was not the same first, then what turned, then every figure. */
export function comparisonTable(comparison: Comparison): string {
  const { differing, turns, changes } = comparison;
  return [
    ...(differing.length === 0
      ? ['Same script, seed, settings and machine.']
      : aligned(
          [['NOT THE SAME', 'A', 'B'], ...differing.map((row) => [row.what, row.before, row.after])],
          [],
        )),
    '',
    ...(turns.length === 0
      ? ['Every promise and threshold is judged as before.']
      : aligned(
          [
            ['', 'verdict', 'A', 'B'],
            ...turns.map((turn) => [turn.broken ? 'BROKEN' : '', turn.what, turn.before, turn.after]),
          ],
          [],
        )),
    '',
    ...aligned([['metric', 'figure', 'A', 'B', 'change'], ...changes.map(rowOf)], [2, 3, 4]),
    '',
    breaks(comparison) ? 'B breaks what A kept.' : 'B breaks nothing that A kept.',
  ].join('\n');
}

const rowOf = ({ metric, kind, figure: name, before, after }: Change): string[] => [
  metric,
  name,
  before === undefined ? '–' : figure(kind, before),
  after === undefined ? '–' : figure(kind, after),
  changeOf(before, after),
];

function changeOf(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return '';
  if (before === after) return '=';
  if (before === 0) return 'from 0';
  const percent = ((after - before) / Math.abs(before)) * 100;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}
