import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. As root it runs as `postgres` if the machine has that user, else as `nobody`.
 * @returns undefined when we are an ordinary user ourselves.
 */
export function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get('postgres') ?? users.get('nobody');
  if (user === undefined)
    throw new Error('Postgres does not run as root, and there is no user postgres or nobody.');
  return user;
}

/** Whether the user can enter the folder and every one above it. */
export function canEnter(user: User, folder: string): boolean {
  const { uid, gid, mode } = statSync(folder);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  if (((mode >> shift) & 1) === 0) return false;
  return folder === dirname(folder) || canEnter(user, dirname(folder));
}

/**
 * A place for files of the server's user: the wanted folder, or, when that lies where the user cannot go (a checkout
 * below /root), one that belongs to it alone in /var/lib/onsale.
 */
export function reachableFolder(user: User | undefined, wanted: string): string {
  mkdirSync(dirname(wanted), { recursive: true });
  if (user === undefined || canEnter(user, dirname(wanted))) return wanted;
  const shared = '/var/lib/onsale';
  mkdirSync(shared, { recursive: true });
  chmodSync(shared, 0o755);
  return join(shared, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
}
