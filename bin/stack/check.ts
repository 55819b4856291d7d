import { runThrough } from './shell.ts';

/** How a set of checks went. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const add = (...tallies: Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  skipped: tallies.reduce((sum, { skipped }) => sum + skipped, 0),
});

/** The last line of `bin/test` and `.ci/run`. */
export const lastLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Commands that are one check together: it passes when all of them do. */
export async function check(name: string, commands: readonly string[][], cwd: string): Promise<Tally> {
  console.log(`\n== ${name}`);
  for (const [command, ...args] of commands) {
    if ((await runThrough(command!, args, { cwd })) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
}
