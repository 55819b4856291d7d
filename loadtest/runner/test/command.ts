import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../bin/stack/state.ts';
import { reportsFolder } from '../../report/folder.ts';

/** `bin/k6` as a person runs it, without the shell before it. */
export interface Command {
  readonly pid: number;
  /** Everything it has said so far. */
  said(): string;
  interrupt(): void;
  /** Its status; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Where its report is, once it said so. */
  folder(): string;
  /** Takes its report away. */
  forget(): void;
}

export function k6(args: readonly string[], env: NodeJS.ProcessEnv = {}): Command {
  const child = spawn(process.execPath, [join(repositoryRoot, 'loadtest/runner/main.ts'), ...args], {
    cwd: repositoryRoot,
    // What the tests themselves run on is not the target's.
    env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', FANS: '', SEED: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  }
  const name = (): string | undefined => /([^/ ]+)\/(?:index\.html|k6\.log)$/m.exec(said)?.[1];
  return {
    pid: child.pid!,
    said: () => said,
    interrupt: () => child.kill('SIGINT'),
    ended: new Promise((resolve) => child.once('close', (status) => resolve(status))),
    folder() {
      const told = name();
      if (told === undefined) throw new Error(`no report:\n${said}`);
      return join(reportsFolder, told);
    },
    forget() {
      const told = name();
      if (told !== undefined) rmSync(join(reportsFolder, told), { recursive: true, force: true });
    },
  };
}
