import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/** Where folders of the server's user are when the checkout is out of its reach; `<folder>.for` says whose it is. */
const SHARED = '/var/lib/onsale';

/**
 * A place for files of the server's user: the wanted folder, or, when that lies where the user cannot go (a checkout
 * below /root), one that belongs to it alone in /var/lib/onsale. Those of checkouts that are gone are removed.
 */
export function reachableFolder(user: User | undefined, wanted: string): string {
  mkdirSync(dirname(wanted), { recursive: true });
  if (user === undefined || canEnter(user, dirname(wanted))) return wanted;
  mkdirSync(SHARED, { recursive: true });
  chmodSync(SHARED, 0o755);
  forgetTheGone();
  const folder = join(SHARED, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  writeFileSync(`${folder}.for`, wanted, { mode: 0o600 });
  return folder;
}

function forgetTheGone(): void {
  for (const note of readdirSync(SHARED).filter((name) => name.endsWith('.for'))) {
    const file = join(SHARED, note);
    if (existsSync(dirname(readFileSync(file, 'utf8')))) continue;
    rmSync(file.slice(0, -'.for'.length), { recursive: true, force: true });
    rmSync(file);
  }
}
