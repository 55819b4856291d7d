import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../migrations');
const NAME = /^\d{4}_[a-z_]+\.sql$/;

export interface Migration {
  readonly name: string;
  readonly text: string;
  /** SHA-256, hex: a migration that was applied is never edited. */
  readonly checksum: string;
}

/** Every migration, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    });
}
