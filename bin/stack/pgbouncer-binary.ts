import { existsSync } from 'node:fs';
import { aptInstall, onPath } from './shell.ts';
import { type Binary, unpack, unpacked } from './unpacked.ts';

/** Debian puts it where only root's path leads. */
const INSTALLED = '/usr/sbin/pgbouncer';
const PROGRAM = 'usr/sbin/pgbouncer';
const PACKAGES = ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'];

/** Where PgBouncer is, if it is here: on the path, or where it was unpacked. */
export function pgbouncerBinary(): Binary | undefined {
  const command = onPath('pgbouncer') ?? (existsSync(INSTALLED) ? INSTALLED : undefined);
  return command === undefined ? unpacked('pgbouncer', PROGRAM) : { command, env: {} };
}

/** Brings it: by apt-get as root, else unpacked beside us. @returns why it could not be brought, or undefined */
export function bringPgbouncer(): string | undefined {
  const refused = aptInstall(['pgbouncer']);
  if (pgbouncerBinary() !== undefined) return undefined;
  try {
    return unpack('pgbouncer', PROGRAM, PACKAGES) === undefined ? refused : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export function howToGetPgbouncer(): string {
  if (process.platform === 'darwin') return 'brew install pgbouncer';
  if (onPath('apt-get')) return 'sudo apt-get install pgbouncer';
  return 'install pgbouncer with your package manager';
}
