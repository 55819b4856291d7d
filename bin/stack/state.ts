import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout this file is part of. */
export const repositoryRoot = join(import.meta.dirname, '..', '..');

/**
 * The one folder that is written outside `node_modules` and the built pages; git ignores it.
 *
 * | path           | what                                                        | removed by                     |
 * |----------------|-------------------------------------------------------------|--------------------------------|
 * | `up/`          | secrets, data and logs of the sale that `bin/up` runs       | `bin/up --fresh`               |
 * | `up.json`      | addresses and operator token of the running sale, mode 0600 | `bin/up` when it ends          |
 * | `<kind>-<pid>/`| servers and sales of one test, bench or k6 run              | that run, or the next one      |
 * | `profiles/`    | what `bin/bench --profile` sampled, a folder for each run     | you                            |
 * | `k6/`          | reports of bin/k6, a folder for each run                    | you                            |
 * | `node-cache/`   | what Node compiled of our files, for the next process        | nobody; it is a cache      |
 * | `tools/`       | what was downloaded or built: Redis, PgBouncer, k6, stripe-mock | nobody; it is a cache      |
 */
export const stateFolder = join(repositoryRoot, '.onsale');
export const toolsFolder = join(stateFolder, 'tools');

/**
 * Makes a folder that only its owner can list. Others may pass through it, because as root Postgres runs as another
 * user; what is secret has file modes of its own.
 * @returns the path.
 */
export function ownFolder(...path: string[]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}
