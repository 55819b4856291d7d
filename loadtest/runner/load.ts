import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { identityOf, signal as send } from '../../bin/stack/identity.ts';
import { recordProcess } from '../../bin/stack/pid-records.ts';
import { bounds } from './bounds.ts';
import { withOpenFiles } from './open-files.ts';

export interface LoadOptions {
  /** What stands before k6's own arguments, and those. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly openFiles: number;
  /** Everything it says goes there, besides to our own terminal. */
  readonly logFile: string;
  /** Where its pid is noted, for whoever comes after a kill -9 of ours. */
  readonly dir: string;
  /** Ends it: once as k6 understands it (it reports), and by force when it takes too long. */
  readonly signal: AbortSignal;
}

/** Runs k6 to its end. @returns its status; null when it was ended by force. */
export async function underLoad({
  command,
  env,
  openFiles,
  logFile,
  dir,
  signal,
}: LoadOptions): Promise<number | null> {
  const [program, ...args] = withOpenFiles(openFiles, command);
  const log = createWriteStream(logFile);
  // A group of its own: Ctrl-C at a terminal reaches us alone. k6 takes a second one as a wish to end without a report.
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const forget = child.pid === undefined ? () => {} : recordProcess(dir, 'k6', child.pid, { ask: 'SIGINT' });
  for (const [stream, terminal] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      terminal.write(chunk);
    });
  }
  let force: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (child.pid === undefined || identityOf(child.pid) === undefined) return;
    send(child.pid, 'SIGINT');
    force = setTimeout(() => child.kill('SIGKILL'), bounds.k6EndMs);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status));
    });
  } finally {
    clearTimeout(force);
    signal.removeEventListener('abort', end);
    forget();
    await new Promise((resolve) => log.end(resolve));
  }
}
