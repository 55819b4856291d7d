import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import { perform } from './perform.ts';
import { exitCodeOf } from './report.ts';
import { tableOf } from './table.ts';

const USAGE = `bin/bench <name> [--quick] [--json]
bin/bench --list

Measures, prints a table (or one JSON object), and ends with 1 when a verdict fails.`;

/** 0: every verdict passes. 1: one fails, or the bench broke. 2: no such bench. 130: stopped by a signal. */
async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2));
  if (asked.list) return console.log(benches.map(({ name, question }) => `${name}  ${question}`).join('\n'));
  const bench = benches.find(({ name }) => name === asked.name);
  if (bench === undefined) {
    const known = benches.map(({ name }) => name).join(', ');
    return refuse(
      `${asked.name === undefined ? 'Which bench?' : `There is no bench ${asked.name}.`} Known: ${known}`,
    );
  }
  const report = await perform(bench, { quick: asked.quick, say: (line) => console.error(line) });
  console.log(asked.json ? JSON.stringify(report) : tableOf(report, bench.question));
  process.exitCode = exitCodeOf(report);
}

function readArguments(args: string[]): { name?: string; quick: boolean; json: boolean; list: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { quick: flag, json: flag, list: flag },
    });
    const [name, ...more] = positionals;
    if (more.length > 0) refuse('One bench at a time: two would measure each other.');
    return { ...(name === undefined ? {} : { name }), ...values };
  } catch (error) {
    refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${USAGE}`);
  process.exit(2);
}

await main();
