import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { add, check, lastLine, type Tally } from './check.ts';
import { chromiumBinary, howToGetChromium } from './chromium.ts';
import { bringK6, howToGetK6, k6Binary } from './k6-binary.ts';
import { bringPgbouncer, howToGetPgbouncer, pgbouncerBinary } from './pgbouncer-binary.ts';
import { redisBinary } from './redis-binary.ts';
import { clearDeadRuns } from './run-folder.ts';
import { aptInstall, runThrough } from './shell.ts';
import { repositoryRoot } from './state.ts';
import { bringStripeMock, howToGetStripeMock, stripeMockBinary } from './stripe-mock-binary.ts';
import { tallyOf } from './vitest-tally.ts';

/**
 * bin/test [--all] [vitest's arguments]: types, lint, then the tests. `--all` runs the longer matrices too.
 * Last line `N passed, N failed, N skipped`; status 1 when anything failed, or was skipped with CI=true.
 */
const tool = (name: string): string => join(repositoryRoot, 'node_modules', '.bin', name);

// Everything below runs the Node that we run, also what asks for plain `node`.
process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
// Ctrl-C reaches Vitest too, which ends its servers; we outlive it to see that they are gone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const total = await test(process.argv.slice(2)).finally(() => clearDeadRuns());
console.log(lastLine(total));
process.exitCode = total.failed > 0 || (total.skipped > 0 && process.env.CI === 'true') ? 1 : 0;

async function test(args: string[]): Promise<Tally> {
  bringServers();
  bringChromium();
  bringBouncer();
  bringMockOfStripe();
  bringLoad();
  const types = await check(
    'types',
    [
      [tool('tsc'), '--noEmit', '-p', 'tsconfig.json'],
      [tool('tsc'), '--noEmit', '-p', 'loadtest/k6/tsconfig.json'],
    ],
    repositoryRoot,
  );
  const lint = await check('lint', [[tool('biome'), 'check', '--error-on-warnings', '.']], repositoryRoot);
  return add(types, lint, await tests(args));
}

async function tests(args: string[]): Promise<Tally> {
  console.log('\n== tests');
  const folder = mkdtempSync(join(tmpdir(), 'onsale-test-'));
  const report = join(folder, 'report.json');
  const all = args.includes('--all');
  try {
    const status = await runThrough(
      tool('vitest'),
      [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args.filter((argument) => argument !== '--all'),
      ],
      { cwd: repositoryRoot, env: { ...process.env, ...(all && { ONSALE_ALL: '1' }) } },
    );
    const { skippedNames, ...tally } = tallyOf(report, status);
    sayWhatWasSkipped(skippedNames);
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without Redis no test can run: that is an end, not a skip. */
function bringServers(): void {
  if (process.env.REDIS_URL) return;
  try {
    redisBinary();
  } catch (error) {
    console.log((error as Error).message);
    console.log(lastLine({ passed: 0, failed: 1, skipped: 0 }));
    process.exit(1);
  }
}

function bringChromium(): void {
  if (chromiumBinary() !== undefined) return;
  console.log('Chromium is not here: installing it.');
  const refused = aptInstall(['chromium-headless-shell']);
  if (refused !== undefined) console.log(`Chromium could not be brought: ${refused}.`);
}

function bringBouncer(): void {
  if (pgbouncerBinary() !== undefined) return;
  console.log('PgBouncer is not here: fetching it.');
  const refused = bringPgbouncer();
  if (refused !== undefined) console.log(`PgBouncer could not be brought: ${refused}.`);
}

function bringMockOfStripe(): void {
  if (stripeMockBinary() !== undefined) return;
  console.log("Stripe's mock is not here: building it.");
  const refused = bringStripeMock();
  if (refused !== undefined) console.log(`Stripe's mock could not be brought: ${refused}.`);
}

function bringLoad(): void {
  if (k6Binary() !== undefined) return;
  console.log('k6 is not here.');
  const refused = bringK6();
  if (refused !== undefined) console.log(`k6 could not be brought: ${refused}.`);
}

function sayWhatWasSkipped(names: readonly string[]): void {
  if (names.length === 0) return;
  console.log(`Skipped:\n${names.map((name) => `  ${name}`).join('\n')}`);
  if (chromiumBinary() === undefined) console.log(`Chromium is missing. Run: ${howToGetChromium()}`);
  if (pgbouncerBinary() === undefined) console.log(`PgBouncer is missing. Run: ${howToGetPgbouncer()}`);
  if (stripeMockBinary() === undefined) console.log(`Stripe's mock is missing: ${howToGetStripeMock()}`);
  if (k6Binary() === undefined) console.log(`k6 is missing. ${howToGetK6()}`);
}
