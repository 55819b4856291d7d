import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ownFolder, stateFolder } from '../../bin/stack/state.ts';
import { pageOf } from './page.ts';
import { Report } from './report.ts';

/** Where the reports of bin/k6 are: a folder each, named by when it began and its script. They are kept until somebody removes them. */
export const reportsFolder = join(stateFolder, 'k6');

/** Makes the folder of one run. @param startedAt ISO, as in its report */
export const reportFolder = (startedAt: string, script: string, within = reportsFolder): string =>
  ownFolder(within, `${startedAt.slice(0, 19).replace(/[-:]/g, '')}Z-${basename(script, '.ts')}`);

/** Writes the report as data and as a page, beside what k6 wrote. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  const whole = Report.parse(report);
  writeFileSync(join(folder, 'timeline.json'), JSON.stringify(whole.timeline));
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(whole, undefined, 2)}\n`);
  writeFileSync(join(folder, 'index.html'), await pageOf(whole, readdirSync(folder)));
}

/** @param name a report's folder, its report.json, or the folder's name alone. @throws naming what is not there or is no report. */
export function readReport(name: string, within = reportsFolder): Report {
  const file = [join(name, 'report.json'), name, join(within, name, 'report.json')].find(
    (path) => existsSync(path) && statSync(path).isFile(),
  );
  if (file === undefined) throw new Error(`There is no report ${name}.`);
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} is no report of bin/k6.`, { cause });
  }
}
