import { busyNote, wasBusy } from './machine.ts';
import type { Report } from './report.ts';
import { spreadOf } from './statistics.ts';

/** The report for people. */
export function tableOf(report: Report, question: string): string {
  const { machine, results, verdicts } = report;
  const { load, noise, postgres } = machine;
  const figures = results.map((result) => [
    result.name,
    result.unit,
    formatted(result.median),
    formatted(result.min),
    formatted(result.max),
    String(result.runs),
    `${Math.round(spreadOf(result) * 100)} %${noise.tooNoisy.includes(result.name) ? ' !' : ''}`,
  ]);
  const judged = verdicts.map(({ id, promise, target, value, pass }) => [
    pass ? 'pass' : 'FAIL',
    id,
    formatted(target),
    formatted(value),
    promise,
  ]);
  return [
    `${report.bench}: ${question}`,
    `${report.startedAt} · ${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.platform}, Node ${machine.node}`,
    `Postgres ${postgres.version} (${Object.entries(postgres.settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')})`,
    `fsync ${machine.fsyncMs} ms · load ${load.before.toFixed(2)} before, ${load.after.toFixed(2)} after`,
    '',
    ...aligned([['result', 'unit', 'median', 'min', 'max', 'runs', 'spread'], ...figures], [2, 3, 4, 5, 6]),
    ...noiseNote(report),
    '',
    ...aligned([['verdict', 'id', 'target', 'value', 'promise'], ...judged], [2, 3]),
  ].join('\n');
}

function noiseNote({ machine }: Report): string[] {
  const { noise } = machine;
  const busy = wasBusy(machine) ? ['', `! ${busyNote(machine)}`] : [];
  if (noise.tooNoisy.length === 0) return busy;
  return [
    ...busy,
    '',
    `! The machine was too noisy to tell: runs of ${noise.tooNoisy.join(', ')}`,
    `  lie more than ${Math.round(noise.spreadMax * 100)} % of their median apart. Run again when it is quiet.`,
  ];
}

/** A figure for people: as many digits as tell something. */
export const formatted = (value: number): string =>
  value.toLocaleString('en-US', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3,
  });

/** Columns as wide as their widest cell; those named in `right` stand right-aligned. */
export function aligned(rows: ReadonlyArray<readonly string[]>, right: readonly number[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
