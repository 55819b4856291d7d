import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from '../report.ts';
import { reportsFolder } from './write.ts';

/** A report of docs/benchmarks, by the name of its files. */
export interface Dated {
  readonly name: string;
  readonly report: Report;
}

/** All there are, the newest first. @throws ZodError for one that is no report */
export function readReports(folder = reportsFolder): Dated[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      report: Report.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
    }))
    .sort((a, b) => b.report.startedAt.localeCompare(a.report.startedAt));
}

/**
 * Of each bench the newest of its full form or, where there is none, of the quick one; of a bench with sizes that of the largest run.
 * @param all the newest first
 */
export function newestOf(all: readonly Dated[]): Map<string, Dated> {
  const newest = new Map<string, Dated>();
  for (const dated of all) {
    const before = newest.get(dated.report.bench);
    if (before === undefined || saysMore(dated.report, before.report)) newest.set(dated.report.bench, dated);
  }
  return newest;
}

const saysMore = (one: Report, other: Report): boolean =>
  one.quick === other.quick ? largest(one) > largest(other) : other.quick;
const largest = ({ sizes }: Report): number => Math.max(0, ...Object.values(sizes));
