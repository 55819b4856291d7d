import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
 * Ends every process noted anywhere below the folder, servers last.
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
  const records: PidRecord[] = [];
  for (const file of filesNamed(dir)) {
    try {
      records.push(PidRecord.parse(JSON.parse(readFileSync(file, 'utf8'))));
    } catch {
      // Half written by a process that died writing it, or just removed: there is nothing to go by.
    }
  }
  return records;
}

/** Record files of the folder and of the runs inside it; data folders are not walked. */
function filesNamed(dir: string, depth = 0): string[] {
  let entries: string[];
  try {
    entries = readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'data')
      .map((entry) => entry.name);
  } catch {
    return [];
  }
  return entries.flatMap((name) => {
    const path = join(dir, name);
    if (name === FOLDER) return readdirSync(path).map((file) => join(path, file));
    return depth < 2 ? filesNamed(path, depth + 1) : [];
  });
}
