import { aptInstall, onPath } from './shell.ts';
import { type Binary, unpack, unpacked } from './unpacked.ts';

const PROGRAM = 'usr/bin/redis-server';
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/**
 * A Redis server: Valkey or Redis on the path, else brought: by apt-get as root, else unpacked beside us without root.
 * @throws with the command that brings it, when we cannot.
 */
export function redisBinary(): Binary {
  const found = installed() ?? unpacked('redis', PROGRAM);
  if (found !== undefined) return found;
  console.error('Redis is not here: fetching it.');
  const refused = aptInstall(['redis-server']);
  const brought = installed() ?? bring();
  if (brought !== undefined) return brought;
  throw new Error(`There is no Redis here, and it could not be brought (${refused}). ${howToGetRedis()}`);
}

function bring(): Binary | undefined {
  try {
    return unpack('redis', PROGRAM, PACKAGES);
  } catch (error) {
    throw new Error(`${(error as Error).message}. ${howToGetRedis()}`, { cause: error });
  }
}

export function howToGetRedis(): string {
  if (process.platform === 'darwin') return 'Run: brew install valkey';
  if (onPath('apt-get')) return 'Run: sudo apt-get install redis-server';
  return 'Install valkey or redis with your package manager, or set REDIS_URL to a Redis of your own.';
}

function installed(): Binary | undefined {
  const command = onPath('valkey-server') ?? onPath('redis-server');
  return command === undefined ? undefined : { command, env: {} };
}
