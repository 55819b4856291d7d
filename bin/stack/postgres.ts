import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { onServer } from './database.ts';
import { gone, identityOf, signal } from './identity.ts';
import type { Program } from './kept-process.ts';
import { pickPort } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { ownFolder } from './state.ts';
import { reachableFolder, serverUser, type User } from './unprivileged.ts';

const CONNECTIONS_MAX = 200;

/**
 * A Postgres of our own on loopback, its data below `dir`; fsync and synchronous_commit stay on. What an earlier one
 * left running on the same data is stopped first.
 * @returns how to run it, and its address (superuser `onsale`, database `postgres`).
 */
export async function postgresIn(dir: string, password: string): Promise<{ program: Program; url: string }> {
  const user = serverUser();
  const home = reachableFolder(user, join(ownFolder(dir), 'postgres'));
  const data = join(home, 'data');
  const binaries = postgresBinaries(user);

  if (existsSync(join(data, 'PG_VERSION'))) await stopLeftBehind(data);
  else initialise(binaries, home, data, password, user);

  const port = await pickPort(new Set());
  const url = `postgres://onsale:${password}@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port,
    max_connections: CONNECTIONS_MAX,
    fsync: 'on',
    synchronous_commit: 'on',
    shared_buffers: '256MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    url,
    program: {
      name: 'postgres',
      command: join(binaries, 'bin', 'postgres'),
      args: ['-D', data, ...flags],
      cwd: home,
      env: process.env,
      user,
      server: true,
      logFile: join(dir, 'postgres.log'),
      ask: 'SIGINT',
      force: 'SIGQUIT',
      healthy: () => onServer(url, async () => true),
    },
  };
}

/** Everything that `postgresIn` keeps for the folder, also what lies outside it. The server must have ended. */
export function removePostgres(dir: string): void {
  rmSync(reachableFolder(serverUser(), join(dir, 'postgres')), { recursive: true, force: true });
}

/** Makes the data folder whole or not at all: one that was interrupted is not taken for a database. */
function initialise(
  binaries: string,
  home: string,
  data: string,
  password: string,
  user: User | undefined,
): void {
  const draft = `${data}.draft`;
  const passwordFile = join(home, 'password');
  mkdirSync(home, { recursive: true });
  // The folder is the server user's own: nobody else may enter, whatever the umask was.
  chmodSync(home, 0o700);
  if (user !== undefined) chownSync(home, user.uid, user.gid);
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const flags = [
    `--pgdata=${draft}`,
    '--username=onsale',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const made = spawnSync(join(binaries, 'bin', 'initdb'), flags, { ...user, cwd: home, encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`, { cause: made.error });
  }
  renameSync(draft, data);
}

/**
 * Stops a Postgres that still runs on this data because the one who started it was killed. Its lock file names a pid;
 * the pid is believed only when that process works in this very folder.
 */
async function stopLeftBehind(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const identity = identityOf(pid);
  // Postgres clears the lock of a dead process itself, after looking for orphans of it in shared memory.
  if (identity === undefined) return;
  if (!worksIn(pid, data)) return rmSync(lock);
  signal(pid, 'SIGINT');
  if (await gone(pid, identity, limits.drainMs)) return;
  signal(pid, 'SIGQUIT');
  if (!(await gone(pid, identity, limits.drainMs)))
    throw new Error(`Postgres ${pid} on ${data} does not end.`);
}

function worksIn(pid: number, data: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.includes(data);
  } catch {
    return false;
  }
}
