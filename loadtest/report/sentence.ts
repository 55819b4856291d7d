import { wasOf } from './figures.ts';
import { missedSchedule } from './outcome.ts';
import type { Outcome, Report } from './report.ts';

/** Each outcome in a word. */
export const SAID: Readonly<Record<Outcome, string>> = {
  kept: 'Kept',
  broken: 'Broken',
  invalid: 'Invalid',
  interrupted: 'Interrupted',
  unjudged: 'Not judged',
};

/** Why it is what it is, in one sentence. */
export function sentenceOf({ outcome, promises, thresholds, metrics }: Report): string {
  const broken = promises.filter(({ kept }) => kept === false).length;
  const failed = thresholds.filter(({ pass }) => !pass).length;
  const looked = promises.filter(({ kept }) => kept !== null).length;
  switch (outcome) {
    case 'kept':
      return looked === 0
        ? `All ${thresholds.length} thresholds held. The promises were not looked at.`
        : `All ${looked} promises and ${thresholds.length} thresholds held.`;
    case 'broken':
      return `${broken} of ${looked} promises and ${failed} of ${thresholds.length} thresholds were broken.`;
    case 'invalid':
      return `The load was not the one that was asked for (${missedSchedule({ metrics, thresholds }).join('; ')}), so nothing here counts as passed. Give k6 more of the machine, or ask for fewer fans.`;
    case 'interrupted':
      return 'Somebody stopped the run: what is shown is its beginning.';
    case 'unjudged':
      return 'The promises could not be looked at.';
  }
}

/** The end of a run, on the terminal: the verdict, what broke, and where all of it is. @param folder as it is shown */
export function told(report: Report, folder: string): string {
  const { script, outcome, promises, thresholds, metrics } = report;
  return [
    '',
    `${script}: ${SAID[outcome].toUpperCase()}. ${sentenceOf(report)}`,
    ...promises
      .filter(({ kept }) => kept === false)
      .map(({ promise, detail }) => `  BROKEN  ${promise}: ${detail}`),
    ...thresholds
      .filter(({ pass }) => !pass)
      .map((missed) => `  BROKEN  ${missed.metric} ${missed.threshold}: ${wasOf(missed, metrics)}`),
    `Report: ${folder}/index.html`,
  ].join('\n');
}
