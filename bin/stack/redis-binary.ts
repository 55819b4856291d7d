import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, complaintOf, onPath } from './shell.ts';
import { ownFolder, toolsFolder } from './state.ts';

export interface RedisBinary {
  readonly command: string;
  /** Needed beside our own environment when it lives in a folder of ours. */
  readonly env: NodeJS.ProcessEnv;
}

const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/**
 * A Redis server: Valkey or Redis on the path, else brought: by apt-get as root, else unpacked beside us without root.
 * @throws with the command that brings it, when we cannot.
 */
export function redisBinary(): RedisBinary {
  const found = installed() ?? unpacked();
  if (found !== undefined) return found;
  console.error('Redis is not here: fetching it.');
  const refused = aptInstall(['redis-server']);
  const brought = installed() ?? unpack();
  if (brought !== undefined) return brought;
  throw new Error(`There is no Redis here, and it could not be brought (${refused}). ${howToGetRedis()}`);
}

export function howToGetRedis(): string {
  if (process.platform === 'darwin') return 'Run: brew install valkey';
  if (onPath('apt-get')) return 'Run: sudo apt-get install redis-server';
  return 'Install valkey or redis with your package manager, or set REDIS_URL to a Redis of your own.';
}

function installed(): RedisBinary | undefined {
  const command = onPath('valkey-server') ?? onPath('redis-server');
  return command === undefined ? undefined : { command, env: {} };
}

const folder = (): string => join(toolsFolder, 'redis');

function unpacked(): RedisBinary | undefined {
  const command = join(folder(), 'usr', 'bin', 'redis-server');
  if (!existsSync(command)) return undefined;
  const libraries = join(folder(), 'usr', 'lib');
  const triplets = readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'));
  return { command, env: { LD_LIBRARY_PATH: triplets.map((name) => join(libraries, name)).join(':') } };
}

/** The distribution's packages without installing them: nothing outside the state folder changes. */
function unpack(): RedisBinary | undefined {
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) return undefined;
  const draft = mkdtempSync(join(ownFolder(toolsFolder), 'redis-'));
  try {
    const complaint = complaintOf('apt-get', ['download', ...PACKAGES], { cwd: draft });
    if (complaint !== undefined) throw new Error(`apt-get download: ${complaint}. ${howToGetRedis()}`);
    for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) {
      const fault = complaintOf('dpkg-deb', ['-x', file, 'root'], { cwd: draft });
      if (fault !== undefined) throw new Error(`dpkg-deb: ${fault}`);
    }
    if (unpacked() === undefined) renameSync(join(draft, 'root'), folder());
    return unpacked();
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
