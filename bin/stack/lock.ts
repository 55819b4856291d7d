import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from './identity.ts';

const LOOK_EVERY_MS = 100;

/**
 * Takes a lock file, which says who holds it; one whose holder is dead is free. The file is linked into place whole, so
 * it never stands there without a holder.
 * @returns what gives it back, or undefined while somebody else holds it.
 */
export function tryLock(file: string): (() => void) | undefined {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${identityOf(process.pid)}`, { mode: 0o600 });
  try {
    if (existsSync(file) && !held(file)) clearAway(file, draft);
    linkSync(draft, file);
    return () => rmSync(file, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return undefined;
  } finally {
    rmSync(draft);
  }
}

/** Waits for the lock, works, and gives it back. */
export async function underLock<T>(file: string, withinMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const release = tryLock(file);
    if (release !== undefined) {
      try {
        return await work();
      } finally {
        release();
      }
    }
    if (Date.now() > deadline) throw new Error(`${file} is held by another process for over ${withinMs} ms`);
    await delay(LOOK_EVERY_MS);
  }
}

function held(file: string): boolean {
  try {
    const [pid, identity] = readFileSync(file, 'utf8').split(' ');
    return identityOf(Number(pid)) === identity;
  } catch {
    return false;
  }
}

/** Moves a dead holder's file aside; one that somebody took in that moment is put back. */
function clearAway(file: string, draft: string): void {
  const aside = `${draft}.aside`;
  renameSync(file, aside);
  if (held(aside)) linkSync(aside, file);
  rmSync(aside);
}
