import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { limits } from '@onsale/shared/limits';

/** A Postgres or Redis that we started. */
export interface ServerProcess {
  readonly url: string;
  /** Ends it, by asking first. Safe to call twice. */
  stop(): Promise<void>;
}

interface Manner {
  url: string;
  ask: NodeJS.Signals;
  force: NodeJS.Signals;
  forget: () => void;
}

interface StartingServer extends ServerProcess {
  /** Waits until the probe says yes. @throws with what `why` tells when the process ends, or takes too long. */
  ready(probe: () => Promise<boolean>, why: () => string): Promise<void>;
}

export function serverProcess(child: ChildProcess, { url, ask, force, forget }: Manner): StartingServer {
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
    child.once('exit', () => resolve());
  }).then(forget);
  let over = false;
  void ended.then(() => {
    over = true;
  });

  const stop = async (): Promise<void> => {
    if (over) return;
    child.kill(ask);
    const timer = setTimeout(() => child.kill(force), limits.drainMs);
    await ended;
    clearTimeout(timer);
  };

  return {
    url,
    stop,
    async ready(probe, why) {
      const deadline = Date.now() + limits.startMs;
      while (!(await probe())) {
        if (!over && Date.now() < deadline) continue;
        await stop();
        throw new Error(`${child.spawnfile} did not start:\n${failure?.message ?? why()}`);
      }
    },
  };
}

/** The last lines of a log. */
export function tailOf(file: string, lines = 10): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
