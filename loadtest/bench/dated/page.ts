import { busyNote, wasBusy } from '../machine.ts';
import type { Report } from '../report.ts';
import { spreadOf } from '../statistics.ts';
import { formatted } from '../table.ts';

/** The part of a page that people write stands between these, and is kept when the page is made again. */
export const BY_HAND = '<!-- by hand: kept when this page is made again -->';
export const BY_HAND_END = '<!-- end of what is by hand -->';

export interface Page {
  readonly report: Report;
  readonly question: string;
  /** Of this page and of the files beside it, without an ending. */
  readonly name: string;
  /** What people write below the figures: what bounds them, what was tried and refuted. */
  readonly byHand: string;
}

/** A report as a page of docs/benchmarks. */
export function pageOf({ report, question, name, byHand }: Page): string {
  const { machine, results, verdicts } = report;
  const missed = verdicts.filter(({ pass }) => !pass).length;
  return `# ${titleOf(report)}

**Question.** ${question}

**Command.** \`${commandOf(report)}\`; all it printed is in [${name}.json](${name}.json).
${report.quick ? 'The quick form: fewer and shorter rounds, an indication. ' : ''}${tookOf(report)}${
  missed === 0
    ? `All ${verdicts.length} verdicts pass.`
    : `${missed} of ${verdicts.length} verdicts ${missed === 1 ? 'is' : 'are'} **missed**.`
}

**Noise.** ${noiseOf(report)}

## Verdicts

| | id | promise | target | value |
|---|---|---|---:|---:|
${verdicts
  .map(
    ({ pass, id, promise, target, value }) =>
      `| ${pass ? 'pass' : '**missed**'} | \`${id}\` | ${cell(promise)} | ${formatted(target)} | ${formatted(value)} |`,
  )
  .join('\n')}

## Figures

![Medians, with the least and the greatest of their runs](${name}.svg)

| result | unit | median | min | max | runs | spread |
|---|---|---:|---:|---:|---:|---:|
${results
  .map(
    (result) =>
      `| ${cell(result.name)} | ${result.unit} | ${[result.median, result.min, result.max].map(formatted).join(' | ')} | ${result.runs} | ${percent(spreadOf(result))}${machine.noise.tooNoisy.includes(result.name) ? ' !' : ''} |`,
  )
  .join('\n')}

${BY_HAND}
${byHand.trim()}
${BY_HAND_END}

## Environment

${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.platform}, Node ${machine.node}. Load ${machine.load.before.toFixed(2)} before and ${machine.load.after.toFixed(2)} after;
8 KiB are on the disk after ${machine.fsyncMs} ms. Postgres ${machine.postgres.version}: ${Object.entries(
    machine.postgres.settings,
  )
    .map(([setting, value]) => `\`${setting}=${value}\``)
    .join(' ')}.
`;
}

const titleOf = ({ startedAt, bench, sizes, quick }: Report): string =>
  [
    `${startedAt.slice(0, 10)}: ${bench}`,
    ...Object.entries(sizes).map(([size, value]) => `${formatted(value)} ${size}`),
    ...(quick ? ['quick form'] : []),
  ].join(', ');

const commandOf = ({ bench, sizes, quick }: Report): string =>
  [
    `bin/bench ${bench}`,
    ...Object.entries(sizes).map(([size, value]) => `--${size} ${value}`),
    ...(quick ? ['--quick'] : []),
  ].join(' ');

/** @param page that was made before. @returns undefined when there is nothing of a person in it */
export function byHandIn(page: string): string | undefined {
  const from = page.indexOf(BY_HAND);
  const to = page.indexOf(BY_HAND_END);
  return from < 0 || to < from ? undefined : page.slice(from + BY_HAND.length, to).trim();
}

const tookOf = ({ seconds }: Report): string =>
  seconds === undefined ? '' : `It took ${formatted(seconds / 60)} minutes. `;

function noiseOf({ machine }: Report): string {
  const { noise } = machine;
  const busy = wasBusy(machine) ? `${busyNote(machine)} ` : '';
  const bound = `runs further apart than ${percent(noise.spreadMax)} of their median`;
  return noise.tooNoisy.length === 0
    ? `${busy}No result has ${bound}.`
    : `${busy}Too noisy to tell (${bound}, marked \`!\` below): ${noise.tooNoisy.map(cell).join('; ')}.`;
}

const percent = (part: number): string => (Number.isFinite(part) ? `${Math.round(100 * part)} %` : '∞');
const cell = (text: string): string => text.replaceAll('|', '\\|');
