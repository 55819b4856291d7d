import { readdirSync, readFileSync } from 'node:fs';
import { onServer } from '../../bin/stack/database.ts';

/** The kernel counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

/** CPU time of all threads of a process since it began, ms; NaN where no /proc says so. */
export function cpuMsOf(pid: number | undefined): number {
  const stat = statOf(pid);
  return stat === undefined ? Number.NaN : (stat.user + stat.system) * MS_PER_TICK;
}

/** CPU time of a Postgres with all its processes, those that ended included, ms; NaN where no /proc says so. */
export async function postgresCpuMs(databaseUrl: string): Promise<number> {
  const backend = await onServer(databaseUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return statOf(rows[0]!.pid);
  });
  const postmaster = statOf(backend?.parent);
  if (backend === undefined || postmaster === undefined) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === backend.parent);
  const living = children.reduce((sum, stat) => sum + stat!.user + stat!.system, 0);
  return (living + postmaster.user + postmaster.system + postmaster.ended) * MS_PER_TICK;
}

interface Stat {
  readonly parent: number;
  readonly user: number;
  readonly system: number;
  /** Of children that ended and were waited for. */
  readonly ended: number;
}

/** @returns undefined when there is no such process. */
function statOf(pid: number | undefined): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      parent: fields[1]!,
      user: fields[11]!,
      system: fields[12]!,
      ended: fields[13]! + fields[14]!,
    };
  } catch {
    return undefined;
  }
}
