import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What the processes of a sale are made of. */
const PARTS = ['shared', 'gateway', 'booking-core'];

/**
 * Copies what a sale runs, so that it can be broken. Packages are not copied: each part's own links are, which are relative
 * and so lead to the copied parts; the store behind them stays where it is.
 * @param into a folder that does not exist yet.
 */
export function copyTree(root: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const part of PARTS) {
    cpSync(join(root, part), join(into, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !['.vite', '.vite-temp', 'test'].includes(basename(path)),
    });
  }
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(into, file));
  symlinkSync(join(root, 'node_modules'), join(into, 'node_modules'));
}
