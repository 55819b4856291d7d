import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import { writeReport } from './dated/write.ts';
import { listOf } from './list.ts';
import { perform } from './perform.ts';
import { exitCodeOf, Report } from './report.ts';
import { sizeFlags, sizeLines, sizesOf } from './sizes.ts';
import { tableOf } from './table.ts';

const USAGE = `bin/bench <name> [--quick] [--json] [--report | --profile] [a size]
bin/bench --report-from <file> [--quick]
bin/bench --list

Measures, prints a table (or one JSON object), and ends with 1 when a verdict fails.
--report       writes the run into docs/benchmarks too, as JSON, page and plot
--report-from  writes those of a JSON object that was printed before; with --quick when it does not say that it was quick
--profile      samples every Node process and makes flame graphs below .onsale/profiles
${sizeLines(benches).join('\n')}`;

interface Asked {
  readonly name?: string;
  readonly quick: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly report: boolean;
  readonly reportFrom?: string;
  readonly profile: boolean;
  /** As given, by name; undefined: not. */
  readonly sizes: Readonly<Record<string, string | undefined>>;
}

/** 0: every verdict passes. 1: one fails, or the bench broke. 2: asked for what is not there. 130: stopped by a signal. */
async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2));
  if (asked.list) return console.log(listOf(benches));
  if (asked.reportFrom !== undefined) return writeFrom(asked.reportFrom, asked.quick);
  const bench = benchOf(asked.name);
  const say = (line: string): void => console.error(line);
  const { quick, profile, sizes } = asked;
  const report = await perform(bench, { quick, profile, sizes, say });
  console.log(asked.json ? JSON.stringify(report) : tableOf(report, bench.question));
  if (asked.report) say(relative(process.cwd(), writeReport(report, bench.question)));
  process.exitCode = exitCodeOf(report);
}

function writeFrom(path: string, quick: boolean): void {
  const printed = Report.parse(JSON.parse(readFileSync(path, 'utf8')));
  const report = quick ? { ...printed, quick } : printed;
  console.log(relative(process.cwd(), writeReport(report, benchOf(report.bench).question)));
}

function benchOf(name: string | undefined) {
  const bench = benches.find((one) => one.name === name);
  if (bench !== undefined) return bench;
  const known = benches.map((one) => one.name).join(', ');
  refuse(`${name === undefined ? 'Which bench?' : `There is no bench ${name}.`} Known: ${known}`);
}

function readArguments(args: string[]): Asked {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: flag,
        json: flag,
        list: flag,
        report: flag,
        profile: flag,
        'report-from': { type: 'string' },
        ...sizeFlags(benches),
      },
    });
    const { quick, json, list, report, profile, 'report-from': reportFrom, ...sizes } = values;
    const flags = { quick, json, list, report, profile, sizes };
    const [name, ...more] = positionals;
    const bench = benches.find((one) => one.name === name);
    if (bench !== undefined) sizesOf(bench, sizes, quick);
    if (more.length > 0) refuse('One bench at a time: two would measure each other.');
    if (flags.report && flags.profile) refuse('A run that is sampled is slower: its figures are no report.');
    return { ...(name && { name }), ...(reportFrom && { reportFrom }), ...flags };
  } catch (error) {
    refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${USAGE}`);
  process.exit(2);
}

await main();
