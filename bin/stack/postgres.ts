import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import pg from 'pg';
import { gone, identityOf, signal } from './identity.ts';
import { recordProcess } from './pid-records.ts';
import { pickPort } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { type ServerProcess, serverProcess, tailOf } from './server-process.ts';
import { ownFolder } from './state.ts';
import { reachableFolder, serverUser, type User } from './unprivileged.ts';

const CONNECTIONS_MAX = 200;

/**
 * Starts a Postgres of our own on loopback, its data below `dir`; fsync and synchronous_commit stay on.
 * What an earlier one left running on the same data is stopped first.
 * @returns its address (superuser `onsale`, database `postgres`).
 */
export async function startPostgres(dir: string, password: string): Promise<ServerProcess> {
  const user = serverUser();
  const home = reachableFolder(user, join(ownFolder(dir), 'postgres'));
  const data = join(home, 'data');
  const binaries = postgresBinaries(user);

  if (existsSync(join(data, 'PG_VERSION'))) await stopLeftBehind(data);
  else initialise(binaries, home, data, password, user);

  const port = await pickPort(new Set());
  const log = join(dir, 'postgres.log');
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
  const output = openSync(log, 'a', 0o600);
  // A group of its own: Ctrl-C at a terminal must reach us, who stop it last, and not Postgres.
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, ...flags], {
    ...user,
    cwd: home,
    detached: true,
    stdio: ['ignore', output, output],
  });
  const forget = recordProcess(dir, 'postgres', child.pid!, {
    server: true,
    ask: 'SIGINT',
    force: 'SIGQUIT',
  });
  const server = serverProcess(child, {
    url: `postgres://onsale:${password}@127.0.0.1:${port}/postgres`,
    ask: 'SIGINT',
    force: 'SIGQUIT',
    forget,
  });
  await server.ready(
    () => answers(server.url),
    () => tailOf(log),
  );
  return server;
}

/** Everything that `startPostgres` keeps for the folder, also what lies outside it. The server must have ended. */
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

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    await delay(50);
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
