import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Tally } from './check.ts';

/** What we read of Vitest's JSON report. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/**
 * Counts a run. A file that could not be loaded is one failure, and so is a run that failed for another reason than a
 * test (an error outside of tests, no report, no test at all).
 * @returns with the names of the tests that were skipped.
 */
export function tallyOf(reportFile: string, exitStatus: number): Tally & { skippedNames: string[] } {
  const report = readReport(reportFile);
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(({ status }) => status === 'failed').length + brokenFiles.length;
  const skippedNames = tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName);
  const unexplained = failed === 0 && (exitStatus !== 0 || report === undefined) ? 1 : 0;
  return { passed, failed: failed + unexplained, skipped: skippedNames.length, skippedNames };
}

function readReport(file: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
