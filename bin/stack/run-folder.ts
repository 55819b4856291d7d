import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { identityOf } from './identity.ts';
import { endRecorded } from './pid-records.ts';
import { removeServers } from './servers.ts';
import { ownFolder, stateFolder } from './state.ts';

const RUN = /^(?:test|bench|k6)-\d+$/;
const OWNER = 'owner';

/**
 * A folder of this run's own, `.onsale/<kind>-<pid>`. Runs whose process is gone are cleared away first: what they left
 * running is ended and their folders are removed.
 */
export async function runFolder(kind: 'test' | 'bench' | 'k6', within = stateFolder): Promise<string> {
  await clearDeadRuns(within);
  const dir = join(within, `${kind}-${process.pid}`);
  // A folder of our own pid is that of a dead one, whose clearing was interrupted after its owner note went.
  await removeRun(dir);
  ownFolder(dir);
  writeFileSync(join(dir, OWNER), identityOf(process.pid)!);
  return dir;
}

/** Ends what the run left running and removes all it kept. */
export async function removeRun(dir: string): Promise<void> {
  await endRecorded(dir, limits.drainMs);
  removeServers(dir);
  rmSync(dir, { recursive: true, force: true });
}

export async function clearDeadRuns(within = stateFolder): Promise<void> {
  for (const name of readdirSync(ownFolder(within)).filter((entry) => RUN.test(entry))) {
    const dir = join(within, name);
    const pid = Number(name.split('-')[1]);
    const identity = identityOf(pid);
    if (identity !== undefined && (pid === process.pid || identity === ownerOf(dir, identity))) continue;
    await removeRun(dir);
  }
}

/** Who made the folder; its maker may be just about to say so, and is then the process of that pid. */
function ownerOf(dir: string, otherwise: string): string {
  try {
    return readFileSync(join(dir, OWNER), 'utf8');
  } catch {
    return otherwise;
  }
}
