import { type Keeping, KeptProcess, type Program } from './kept-process.ts';

/** The processes of one sale, started in order and stopped in reverse. */
export interface Supervisor {
  /** Sends a signal; a process that is kept comes back by itself. Resolves when the one that was hit is gone. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Stops it if it runs, starts it, and waits until it is healthy. */
  restart(name: string): Promise<void>;
  /** What it said lately, all its lives together. */
  logs(name: string): string;
  pid(name: string): number | undefined;
  /** Stops all, the last started first. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts waves of programs; each wave is healthy before the next begins.
 * @throws when one does not start, or the signal aborts; the others are stopped again.
 */
export async function supervise(
  waves: ReadonlyArray<readonly Program[]>,
  keeping: Keeping,
): Promise<Supervisor> {
  const started: KeptProcess[] = [];
  const named = (name: string): KeptProcess => {
    const kept = started.find(({ program }) => program.name === name);
    if (kept === undefined)
      throw new Error(`no process ${name}: ${started.map(({ program }) => program.name)}`);
    return kept;
  };
  const stop = async (): Promise<void> => {
    for (const kept of [...started].reverse()) await kept.stop();
  };

  // Only while starting: afterwards the caller decides what ends when.
  const onAbort = (): void => void stop();
  keeping.signal?.addEventListener('abort', onAbort);
  try {
    for (const wave of waves) {
      keeping.signal?.throwIfAborted();
      const kept = wave.map((program) => new KeptProcess(program, keeping));
      started.push(...kept);
      const starts = await Promise.allSettled(kept.map((process) => process.start()));
      const failed = starts.find((start) => start.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
  } catch (error) {
    await stop();
    throw error;
  } finally {
    keeping.signal?.removeEventListener('abort', onAbort);
  }

  return {
    stop,
    kill: (name, signal = 'SIGKILL') => named(name).kill(signal),
    async restart(name) {
      await named(name).stop();
      await named(name).start();
    },
    logs: (name) => named(name).lines.join('\n'),
    pid: (name) => named(name).pid,
  };
}
