import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { identityOf, signal } from '../../../bin/stack/identity.ts';
import { ownFolder, repositoryRoot, stateFolder } from '../../../bin/stack/state.ts';
import { addProfile, hottest, noCalls } from './calls.ts';
import { type Flames, flamePage } from './flames.ts';
import { PROFILE, PROFILE_FOLDER, RUNNING, type Running, sampleThisProcess, WRITE_NOW } from './sampled.ts';

/** How long a process may take to write what it has; one that is busy for longer is left out. */
const WRITE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** Functions told of each kind of process: by the command, and on the page. */
const TOLD = 6;
const SHOWN = 25;

/** Samples this process and every Node process it starts from now on. */
export interface Profiling {
  /**
   * Lets all that are still alive write, makes the page, and forgets the children to come. To be called before they are ended:
   * who is killed writes nothing.
   * @returns what is to be told
   */
  end(): Promise<string[]>;
}

/** @param within the folder that the run's own is made in */
export function beginProfiling(bench: string, within = join(stateFolder, 'profiles')): Profiling {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const folder = ownFolder(within, `${stamp}-${bench}`);
  const before = process.env.NODE_OPTIONS;
  const preload = pathToFileURL(join(import.meta.dirname, 'preload.ts')).href;
  process.env.NODE_OPTIONS = [before, `--import=${preload}`].filter(Boolean).join(' ');
  process.env[PROFILE_FOLDER] = folder;
  const write = sampleThisProcess(folder);
  return {
    async end() {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
      delete process.env[PROFILE_FOLDER];
      write();
      await askToWrite(folder);
      return told(folder, bench);
    },
  };
}

async function askToWrite(folder: string): Promise<void> {
  const lives = ({ pid, identity }: Running): boolean => identityOf(pid) === identity;
  const waiting = runningIn(folder).filter(({ path, ...of }) => !existsSync(path + PROFILE) && lives(of));
  for (const { pid } of waiting) signal(pid, WRITE_NOW);
  const untilMs = performance.now() + WRITE_WITHIN_MS;
  const isOut = ({ path, ...of }: (typeof waiting)[number]): boolean =>
    !existsSync(path + PROFILE) && lives(of);
  while (waiting.some(isOut) && performance.now() < untilMs) await delay(LOOK_EVERY_MS);
}

/** Makes the page of what is there. */
function told(folder: string, bench: string): string[] {
  const kinds = new Map<string, Flames & { processes: number }>();
  let silent = 0;
  for (const { path, name } of runningIn(folder)) {
    rmSync(path + RUNNING);
    if (!existsSync(path + PROFILE)) {
      silent += 1;
      continue;
    }
    const kind = kinds.get(name) ?? { name, processes: 0, sampled: noCalls(), hot: [] };
    addProfile(kind.sampled, JSON.parse(readFileSync(path + PROFILE, 'utf8')), repositoryRoot);
    kinds.set(name, { ...kind, processes: kind.processes + 1 });
  }
  const all = [...kinds.values()]
    .map((kind) => ({ ...kind, hot: hottest(kind.sampled, SHOWN) }))
    .sort((a, b) => b.sampled.root.totalMicros - a.sampled.root.totalMicros);
  writeFileSync(join(folder, 'index.html'), flamePage(`bin/bench ${bench}`, all));
  return [
    ...all.flatMap(linesOf),
    ...(silent > 0 ? [`killed, and without samples: ${silent}`] : []),
    'A process that is sampled is slower: figures of this run are not to be quoted.',
    `profiles and flame graphs: ${relative(process.cwd(), folder) || '.'}/index.html`,
  ];
}

function linesOf({ name, processes, sampled: { root, watchedMicros }, hot }: Flames): string[] {
  const seconds = (micros: number): string => (micros / 1e6).toFixed(1);
  return [
    `${name}${processes > 1 ? ` × ${processes}` : ''}: busy ${seconds(root.totalMicros)} s of ${seconds(watchedMicros)} s`,
    ...hot
      .slice(0, TOLD)
      .map(({ name: of, where, part }) => `  ${(100 * part).toFixed(1).padStart(5)} %  ${of}  ${where}`),
  ];
}

function runningIn(folder: string): Array<Running & { path: string }> {
  return readdirSync(folder)
    .filter((file) => file.endsWith(RUNNING))
    .map((file) => ({
      ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Running),
      path: join(folder, file.slice(0, -RUNNING.length)),
    }));
}
