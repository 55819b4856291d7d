import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../bin/stack/state.ts';
import type { Report } from '../report.ts';
import { byHandIn, pageOf } from './page.ts';
import { plotOf } from './plot.ts';

export const reportsFolder = join(repositoryRoot, 'docs/benchmarks');

/** What a page says below the figures before anybody has written it. */
const NOTHING_YET = `## What bounds the figure

Not looked at yet: \`bin/bench <name> --profile\` shows where the time goes.

## Tried and refuted

Nothing is written down yet.`;

/** As the files of a report are called: the day of the run (UTC), the bench, how large it was, and its form. */
export const nameOf = ({ startedAt, bench, sizes, quick }: Report): string =>
  [
    startedAt.slice(0, 10),
    bench,
    ...Object.entries(sizes).map(([size, value]) => `${size}-${value}`),
    ...(quick ? ['quick'] : []),
  ].join('-');

/**
 * Writes `<date>-<bench>[-quick].json`, `.md` and `.svg`. What people wrote into an earlier page of the same name is kept; else
 * the notes on the bench (`notes/<bench>.md`) are taken.
 * @returns the path of the page
 */
export function writeReport(report: Report, question: string, folder = reportsFolder): string {
  const name = nameOf(report);
  const path = (ending: string): string => join(folder, `${name}.${ending}`);
  const notes = join(folder, 'notes', `${report.bench}.md`);
  const written = existsSync(path('md')) ? byHandIn(readFileSync(path('md'), 'utf8')) : undefined;
  // Notes lie one folder deeper than the page they come to stand in.
  const noted = existsSync(notes) ? readFileSync(notes, 'utf8').replaceAll('](../', '](') : NOTHING_YET;
  const byHand = written ?? noted;
  writeFileSync(path('json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(path('svg'), plotOf(report));
  writeFileSync(path('md'), pageOf({ report, question, name, byHand }));
  return path('md');
}
