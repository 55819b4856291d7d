import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onServer } from './database.ts';
import type { Program } from './kept-process.ts';
import { howToGetPgbouncer, pgbouncerBinary } from './pgbouncer-binary.ts';
import { pickPort } from './ports.ts';
import { ownFolder } from './state.ts';
import { reachableFolder, serverUser } from './unprivileged.ts';

/** The settings it was tested with (docs/operations/pgbouncer.md); all else is as it comes. */
export const pgbouncerSettings = {
  pool_mode: 'transaction',
  // Fewer than the clients of one core process: every connection to the server is shared.
  default_pool_size: 4,
  max_client_conn: 200,
  auth_type: 'scram-sha-256',
} as const;

/**
 * A PgBouncer of our own on loopback in front of every database of the server, in transaction mode. It refuses startup
 * parameters, as it does by default.
 * @returns how to run it, and the address of a database through it. @throws when it is not here
 */
export async function pgbouncerIn(
  dir: string,
  serverUrl: string,
): Promise<{ program: Program; through: (databaseUrl: string) => string }> {
  const binary = pgbouncerBinary();
  if (binary === undefined) throw new Error(`PgBouncer is not here. Run: ${howToGetPgbouncer()}`);
  const user = serverUser();
  const home = reachableFolder(user, join(ownFolder(dir), 'pgbouncer'));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  if (user !== undefined) chownSync(home, user.uid, user.gid);
  const write = (name: string, text: string): string => {
    const file = join(home, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (user !== undefined) chownSync(file, user.uid, user.gid);
    return file;
  };

  const server = new URL(serverUrl);
  const port = await pickPort(new Set());
  const settings = {
    ...pgbouncerSettings,
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_file: write(
      'users.txt',
      `"${decodeURIComponent(server.username)}" "${decodeURIComponent(server.password)}"\n`,
    ),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const config = write(
    'pgbouncer.ini',
    `[databases]\n* = host=${server.hostname} port=${server.port || 5432}\n[pgbouncer]\n${lines.join('\n')}\n`,
  );
  const through = (databaseUrl: string): string => {
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };
  return {
    through,
    program: {
      name: 'pgbouncer',
      command: binary.command,
      args: [config],
      cwd: home,
      env: { ...process.env, ...binary.env },
      user,
      server: true,
      healthy: () => onServer(through(serverUrl), async () => true),
    },
  };
}
