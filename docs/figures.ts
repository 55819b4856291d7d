import { readFileSync } from 'node:fs';
import { type Dated, newestOf, readReports } from '../loadtest/bench/dated/newest.ts';
import { wasBusy } from '../loadtest/bench/machine.ts';
import type { Result, Verdict } from '../loadtest/bench/report.ts';
import { formatted } from '../loadtest/bench/table.ts';

/**
 * The figures that stand in prose, taken from the newest reports of docs/benchmarks: nobody types a number. What is between
 * the marks is made by `node docs/build.ts`.
 */
const FROM = '<!-- made by docs/build.ts from the newest reports: do not edit -->';
const TO = '<!-- end of what docs/build.ts makes -->';

const README = '../README.md';
const BENCHMARKS = 'benchmarks/README.md';

/** What README tells of a bench: results by their names, in words of its own, and verdicts by their ids. */
const told: Readonly<Record<string, ReadonlyArray<{ result: string; says: string } | { verdict: string }>>> =
  {
    claims: [
      { result: 'onsale', says: 'Holds of one hot event, limits and idempotency on' },
      { verdict: 'claims-vs-row-lock' },
      { verdict: 'claims-vs-pools' },
      { verdict: 'claims-vs-bare-insert' },
      { verdict: 'claims-never-oversold' },
    ],
    'booking-http': [
      { result: 'core', says: 'Holds over HTTP, session and idempotency checked' },
      { verdict: 'booking-http-vs-empty-route' },
    ],
    seats: [{ result: 'best available: seats held', says: 'Numbered seats, best available for groups' }],
    joins: [
      { result: 'the join', says: 'Joins over HTTP, every limit on' },
      { verdict: 'joins-vs-empty-route' },
      { verdict: 'joins-p99-at-a-million' },
    ],
    'line-memory': [{ verdict: 'line-memory-bytes-per-fan' }],
    push: [{ verdict: 'push-p99' }, { verdict: 'push-vs-bare-broadcast' }],
    dodgers: [
      { result: 'fans who joined', says: 'Fans of one sale, from the join to the last seat' },
      { result: 'joins, all of them and what was measured between', says: 'Their joins into one line' },
      { result: 'tickets sold', says: 'Their tickets, through the whole core' },
      { verdict: 'dodgers-audit-clean' },
      { verdict: 'dodgers-nobody-lost' },
      { verdict: 'dodgers-tick-p99-ms' },
    ],
    heal: [{ verdict: 'heal-relative-order' }, { verdict: 'heal-admitted-twice' }],
    model: [
      {
        result: 'gateways in all',
        says: 'Gateways that 10,000,000 fans and 1,000,000 requests a second would need, reckoned',
      },
      { result: 'Redis: nodes for the requests, of many events', says: 'And Redis nodes, of many events' },
      { result: 'Redis: joins that the node of one event takes', says: 'Joins of one event, reckoned' },
      {
        result: 'Postgres: nodes for the purchases',
        says: 'Postgres nodes for the purchases of a stadium in ten minutes',
      },
    ],
  };

/** README with its figures as they are now. */
export const readmePage = (): string => replaced(README, figuresOf(newestOf(readReports())));

/** The page of benchmarks with its list of reports. */
export const benchmarksPage = (): string => replaced(BENCHMARKS, listOf(readReports()));

function replaced(path: string, made: string): string {
  const page = readFileSync(new URL(path, import.meta.url), 'utf8');
  const [from, to] = [page.indexOf(FROM), page.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for what docs/build.ts makes.`);
  return `${page.slice(0, from)}${FROM}\n${made}\n${page.slice(to)}`;
}

export function figuresOf(newest: ReadonlyMap<string, Dated>): string {
  const rows = Object.entries(told).flatMap(([bench, figures]) => {
    const dated = newest.get(bench);
    if (dated === undefined) return [];
    const { name, report } = dated;
    const link = `[${report.startedAt.slice(0, 10)}${report.quick ? ', quick' : ''}${wasBusy(report.machine) ? ', on a busy machine' : ''}](docs/benchmarks/${name}.md)`;
    return figures.flatMap((figure) => {
      const row = 'verdict' in figure ? ofVerdict(dated, figure.verdict) : ofResult(dated, figure);
      return row === undefined ? [] : [`| ${row} | ${link} |`];
    });
  });
  const all = [...newest.values()];
  const verdicts = all.flatMap(({ report }) => report.verdicts);
  const missed = verdicts.filter(({ pass }) => !pass).map(({ id }) => `\`${id}\``);
  const noisy = all.reduce((sum, { report }) => sum + report.machine.noise.tooNoisy.length, 0);
  return `| what | measured | promised | report |
|---|---|---|---|
${rows.join('\n')}

Of ${verdicts.length} verdicts in the newest reports of all benches ${missed.length === 0 ? 'none is missed' : `${missed.length} ${missed.length === 1 ? 'is' : 'are'} missed (${missed.join(', ')})`}; ${noisy} results were too noisy to tell.`;
}

function ofResult(
  { report }: Dated,
  { result: name, says }: { result: string; says: string },
): string | undefined {
  const result = report.results.find((one) => one.name === name);
  if (result === undefined) return undefined;
  const noisy = report.machine.noise.tooNoisy.includes(name) ? ', too noisy to tell' : '';
  return `${says} | ${formatted(result.median)} ${result.unit} (${between(result)}${noisy}) | `;
}

const between = ({ min, max, runs }: Result): string =>
  runs === 1 ? 'one run' : `${formatted(min)} to ${formatted(max)}`;

function ofVerdict({ report }: Dated, id: string): string | undefined {
  const verdict = report.verdicts.find((one) => one.id === id);
  if (verdict === undefined) return undefined;
  return `${verdict.promise} | ${formatted(verdict.value)} | ${promised(verdict)}`;
}

/** A verdict keeps no direction; whether it passed, and on which side of its target it is, tell it. */
function promised({ target, value, pass }: Verdict): string {
  const wanted = formatted(target);
  if (value === target) return wanted;
  const atLeast = value > target === pass;
  return `at ${atLeast ? 'least' : 'most'} ${wanted}${pass ? '' : ', **missed**'}`;
}

function listOf(all: readonly Dated[]): string {
  const rows = all.map(({ name, report: { bench, startedAt, quick, verdicts, machine } }) => {
    const passed = verdicts.filter(({ pass }) => pass).length;
    const noisy = machine.noise.tooNoisy.length;
    return `| [${startedAt.slice(0, 10)}](${name}.md) | \`${bench}\` | ${quick ? 'quick' : 'full'} | ${passed} of ${verdicts.length} | ${noisy === 0 ? '' : `${noisy} results`} |`;
  });
  return `| report | bench | form | verdicts that pass | too noisy to tell |
|---|---|---|---:|---|
${rows.join('\n')}`;
}
