import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Context } from '../bench.ts';

/** A script of this folder as a process of its own, given one object; it ends with us. */
export function startChild(context: Context, script: string, given: object): ChildProcess {
  const child = fork(join(import.meta.dirname, script), [JSON.stringify(given)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  context.atEnd(async () => void child.kill('SIGKILL'));
  return child;
}

/** The next message of a child. @throws when it ends before */
export async function heardFrom<T>(child: ChildProcess): Promise<T> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([status, signal]) => {
      throw new Error(`A process of the bench ended with ${signal ?? status}.`);
    }),
  ]);
  return message as T;
}
