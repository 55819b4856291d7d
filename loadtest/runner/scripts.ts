import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../../bin/stack/state.ts';
import { SetupFile } from '../k6/setup-file.ts';

/** A load script, and what it needs. */
export interface Script {
  readonly name: string;
  readonly path: string;
  readonly setup: SetupFile;
}

const folder = join(repositoryRoot, 'loadtest', 'k6');
const SETUP = '.setup.json';

/** The scripts of this repository: those that say what they need set up. */
export const scripts = (): Script[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(SETUP))
    .sort()
    .map((file) => scriptAt(join(folder, `${file.slice(0, -SETUP.length)}.ts`)));

/** By its name, or by its path as a shell completes it. @throws naming those there are. */
export function scriptOf(name: string): Script {
  const path = [join(folder, `${name}.ts`), name].find((file) => file.endsWith('.ts') && existsSync(file));
  if (path !== undefined) return scriptAt(path);
  const known = scripts().map((script) => script.name);
  throw new Error(`There is no script ${name}. There are: ${known.join(', ')}`);
}

/** A script of somebody's own may say nothing: it then runs on the event it is given. */
function scriptAt(path: string): Script {
  const name = basename(path, '.ts');
  const file = `${path.slice(0, -'.ts'.length)}${SETUP}`;
  if (!existsSync(file))
    return { name, path, setup: SetupFile.parse({ about: `${name}, a script of your own` }) };
  const setup = SetupFile.safeParse(jsonOf(file));
  if (!setup.success) throw new Error(`${file}:\n${z.prettifyError(setup.error)}`);
  return { name, path, setup: setup.data };
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is not JSON.`, { cause });
  }
}
