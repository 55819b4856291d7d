import { FIGURES } from './figures.ts';
import type { Metric, Report } from './report.ts';

/** One figure of both runs. */
export interface Change {
  readonly metric: string;
  readonly kind: Metric['kind'];
  readonly figure: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface Turn {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** It was kept, and is broken. */
  readonly broken: boolean;
}

export interface Comparison {
  /** What was not the same when they ran: read the rest in its light. */
  readonly differing: ReadonlyArray<{
    readonly what: string;
    readonly before: string;
    readonly after: string;
  }>;
  /** Outcome, promises and thresholds that are judged otherwise. */
  readonly turns: readonly Turn[];
  readonly changes: readonly Change[];
}

/** What became of A's verdicts and figures in B. */
export const compareReports = (a: Report, b: Report): Comparison => ({
  differing: differing(a, b),
  turns: turns(a, b),
  changes: changes(a.metrics, b.metrics),
});

/** B broke something that A kept. */
export const breaks = ({ turns }: Comparison): boolean => turns.some(({ broken }) => broken);

function differing(a: Report, b: Report): Comparison['differing'] {
  const [before, after] = [circumstances(a), circumstances(b)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((what) => ({ what, before: before[what] ?? 'not set', after: after[what] ?? 'not set' }))
    .filter((row) => row.before !== row.after);
}

/** Everything that was chosen or given, by name. Not the event: every rehearsal has one of its own. */
function circumstances({ script, seed, target, environment }: Report): Record<string, string> {
  const { machine, k6, url } = environment;
  const { SEED: _, ...settings } = environment.settings;
  return {
    script,
    seed: String(seed),
    sale: target === 'target' ? url : target,
    k6,
    ...Object.fromEntries(
      Object.entries(machine).map(([name, value]) => [`machine, ${name}`, String(value)]),
    ),
    ...settings,
  };
}

function turns(a: Report, b: Report): Turn[] {
  const [before, after] = [verdicts(a), verdicts(b)];
  const outcome: Turn[] =
    a.outcome === b.outcome ? [] : [{ what: 'outcome', before: a.outcome, after: b.outcome, broken: false }];
  const others = [...new Set([...before.keys(), ...after.keys()])].map((what) => ({
    what,
    before: before.get(what) ?? 'not there',
    after: after.get(what) ?? 'not there',
    broken: before.get(what) === 'kept' && after.get(what) === 'broken',
  }));
  return [...outcome, ...others.filter((turn) => turn.before !== turn.after)];
}

function verdicts({ promises, thresholds }: Report): Map<string, string> {
  const word = (kept: boolean | null): string => (kept === null ? 'not looked' : kept ? 'kept' : 'broken');
  return new Map([
    ...promises.map(({ id, kept }) => [`promise ${id}`, word(kept)] as const),
    ...thresholds.map(({ metric, threshold, pass }) => [`${metric} ${threshold}`, word(pass)] as const),
  ]);
}

function changes(a: Report['metrics'], b: Report['metrics']): Change[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((metric) => {
    const { kind } = (b[metric] ?? a[metric])!;
    return FIGURES[kind]
      .map((figure) => ({
        metric,
        kind,
        figure,
        before: a[metric]?.values[figure],
        after: b[metric]?.values[figure],
      }))
      .filter(({ before, after }) => before !== undefined || after !== undefined);
  });
}
