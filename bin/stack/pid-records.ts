import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { gone, identityOf, signal } from './identity.ts';
import { ownFolder } from './state.ts';

/**
 * A note of every process we start, so that whoever comes after a kill -9 can end what was left behind: by pid and
 * identity, never by name.
 */
const PidRecord = z.object({
  name: z.string(),
  pid: z.int().positive(),
  identity: z.string(),
  /** Servers end after the processes that use them. */
  server: z.boolean(),
  /** Asks to end, and ends at once: Postgres has words of its own for both (fast, immediate). */
  ask: z.enum(['SIGTERM', 'SIGINT']),
  force: z.enum(['SIGKILL', 'SIGQUIT']),
});
type PidRecord = z.infer<typeof PidRecord>;

const FOLDER = 'pids';

/** @returns a function that takes the note away again, to be called when the process has ended. */
export function recordProcess(
  dir: string,
  name: string,
  pid: number,
  { server = false, ask = 'SIGTERM', force = 'SIGKILL' }: Partial<PidRecord> = {},
): () => void {
  const identity = identityOf(pid);
  if (identity === undefined) return () => {};
  const file = join(ownFolder(dir, FOLDER), String(pid));
  const record: PidRecord = { name, pid, identity, server, ask, force };
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * Ends every process noted in the folder, servers last.
 * @returns the names of those that were still alive.
 */
export async function endRecorded(dir: string, withinMs: number): Promise<string[]> {
  const living = readRecords(dir).filter((record) => identityOf(record.pid) === record.identity);
  for (const wave of [living.filter((record) => !record.server), living.filter((record) => record.server)]) {
    for (const { pid, ask } of wave) signal(pid, ask);
    await Promise.all(
      wave.map(async ({ pid, identity, force }) => {
        if (await gone(pid, identity, withinMs)) return;
        signal(pid, force);
        await gone(pid, identity, withinMs);
      }),
    );
  }
  return living.map((record) => record.name);
}

function readRecords(dir: string): PidRecord[] {
  const folder = join(dir, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    try {
      return [PidRecord.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))];
    } catch {
      // Half written by one who died writing it, or just removed: there is nothing to go by.
      return [];
    }
  });
}
