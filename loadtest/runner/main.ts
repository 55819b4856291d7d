import { breaks, compareReports } from '../report/compare.ts';
import { comparisonTable } from '../report/compare-table.ts';
import { readReport } from '../report/folder.ts';
import { EXIT } from '../report/outcome.ts';
import { readArguments, usage } from './arguments.ts';
import { run } from './run.ts';
import { scripts } from './scripts.ts';

/** Nobody's fault of the sale: it could not be tried. */
const NOT_TRIED = 2;

const stop = new AbortController();
process.on('SIGINT', interrupted).on('SIGTERM', interrupted).on('SIGHUP', interrupted);

function interrupted(): void {
  if (!stop.signal.aborted) console.error('\nStopping: k6 ends and reports, then the event is taken down.');
  stop.abort();
}

async function main(args: readonly string[]): Promise<number> {
  const wish = readArguments(args, process.env);
  switch (wish.what) {
    case 'help':
      console.log(usage);
      return 0;
    case 'list':
      for (const { name, setup } of scripts()) console.log(`${name.padEnd(16)} ${setup.about}`);
      return 0;
    case 'compare': {
      const comparison = compareReports(readReport(wish.a), readReport(wish.b));
      console.log(comparisonTable(comparison));
      return breaks(comparison) ? 1 : 0;
    }
    case 'run':
      return run(wish, stop.signal);
  }
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.exitCode = stop.signal.aborted ? EXIT.interrupted : NOT_TRIED;
    // What was being done when it was stopped failed because of that.
    if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
  },
);
