import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { add, check, lastLine } from './check.ts';
import { logLine } from './log-line.ts';
import { tallyOf } from './vitest-tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'onsale-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(...files: Array<{ status: string; tests: string[] }>): string {
  const file = join(folder, 'report.json');
  const testResults = files.map(({ status, tests }, number) => ({
    name: `file ${number}`,
    status,
    assertionResults: tests.map((state, at) => ({ status: state, fullName: `test ${at}` })),
  }));
  writeFileSync(file, JSON.stringify({ testResults }));
  return file;
}

test('every way a run can fail is counted as a failure', () => {
  const mixed = report({ status: 'failed', tests: ['passed', 'failed', 'skipped', 'todo'] });
  expect(tallyOf(mixed, 1)).toMatchObject({ passed: 1, failed: 1, skipped: 2 });
  // A file that does not load has no tests at all.
  expect(tallyOf(report({ status: 'failed', tests: [] }), 1)).toMatchObject({ passed: 0, failed: 1 });
  // An error outside of tests, no report, no test file found.
  expect(tallyOf(report({ status: 'passed', tests: ['passed'] }), 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(tallyOf(join(folder, 'none.json'), 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(tallyOf(report(), 1)).toMatchObject({ failed: 1 });
  expect(tallyOf(report({ status: 'passed', tests: ['passed'] }), 0)).toMatchObject({ passed: 1, failed: 0 });
});

test('a check of several commands passes when all do; the last line adds up', async () => {
  const passed = await check('two', [['true'], ['true']], folder);
  const failed = await check('two', [['true'], ['false']], folder);
  expect(lastLine(add(passed, failed, { passed: 10, failed: 0, skipped: 3 }))).toBe(
    '11 passed, 1 failed, 3 skipped',
  );
});

test('a JSON log line is shown as its message and fields, anything else as it is', () => {
  expect(logLine('core', '{"level":50,"time":"x","name":"core","msg":"lost","part":"database"}')).toBe(
    'core        | ERROR lost part=database',
  );
  expect(logLine('gateway', 'Error: {')).toBe('gateway     | Error: {');
  expect(logLine('gateway', '{not JSON')).toBe('gateway     | {not JSON');
});
