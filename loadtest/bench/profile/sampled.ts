import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { basename, join, relative, sep } from 'node:path';
import { identityOf } from '../../../bin/stack/identity.ts';
import { repositoryRoot } from '../../../bin/stack/state.ts';

/** Where every process of a profiled bench leaves its samples: set by the bench for its children. */
export const PROFILE_FOLDER = 'ONSALE_PROFILE_FOLDER';
/** How a process is asked to write what it has. One that is profiled listens; nobody else is sent it. */
export const WRITE_NOW: NodeJS.Signals = 'SIGUSR2';
/** Ends of the names of a process's two files: that it runs, and what it did. */
export const RUNNING = '.running.json';
export const PROFILE = '.cpuprofile';

/** A process that is being sampled; `identity` tells it from a later one of the same pid. */
export interface Running {
  readonly pid: number;
  readonly identity: string;
  readonly name: string;
}

const EVERY_MICROS = 1_000;

/**
 * Samples this thread from now on, and says so in the folder. What it has is written when the process ends by itself, or when
 * the answer is called, whichever is first. A process that is killed leaves the note that it ran, and nothing else.
 */
export function sampleThisProcess(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const name = nameOf(process.argv);
  const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, '_')}.${process.pid}`);
  const running: Running = { pid: process.pid, identity: identityOf(process.pid)!, name };
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: EVERY_MICROS });
  session.post('Profiler.start');

  let written = false;
  const write = (): void => {
    if (written) return;
    written = true;
    // A session of the same thread answers before `post` returns, so this works while the process exits too.
    session.post('Profiler.stop', (fault: Error | null, { profile }: Profiler.StopReturnType) => {
      if (fault !== null) return;
      writeFileSync(`${path}.part`, JSON.stringify(profile));
      renameSync(`${path}.part`, path + PROFILE);
    });
  };
  process.once('exit', write);
  process.once(WRITE_NOW, write);
  // Only now: whoever reads the note may ask at once.
  writeFileSync(path + RUNNING, JSON.stringify(running));
  return write;
}

/** A script as seen from the checkout, and the word it was started with: `loadtest/bench/http/stage-server.ts empty`. */
function nameOf([, script = 'node', word = '']: readonly string[]): string {
  const path = relative(repositoryRoot, script);
  const name = path.startsWith('..') ? basename(script) : path.split(sep).join('/');
  return /^[a-z][a-z0-9-]*$/.test(word) ? `${name} ${word}` : name;
}
