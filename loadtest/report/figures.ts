import { formatted } from '../bench/table.ts';
import type { Metric, Report, Threshold } from './report.ts';

/** The figures of a metric that are worth a column, in their order. */
export const FIGURES: Readonly<Record<Metric['kind'], readonly string[]>> = {
  trend: ['med', 'p(95)', 'p(99)', 'max'],
  rate: ['value'],
  counter: ['count'],
  gauge: ['max'],
};

/** A figure as people read it: k6's trends are in ms, its rates parts of one. */
export function figure(kind: Metric['kind'], value: number): string {
  if (kind === 'trend') return value < 1_000 ? `${formatted(value)} ms` : `${formatted(value / 1_000)} s`;
  return kind === 'rate' ? `${formatted(value * 100)} %` : formatted(value);
}

/** `0 s`, `45 s`, `2:05`. */
export function clock(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** What a threshold's figure was. */
export const wasOf = ({ metric, value }: Threshold, metrics: Report['metrics']): string =>
  value === null ? 'nothing measured' : figure(metrics[metric]!.kind, value);
