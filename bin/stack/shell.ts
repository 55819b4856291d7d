import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the path has a program of that name. */
export function onPath(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Runs a command and shows nothing unless it fails. @returns what it printed last, or undefined when it succeeded. */
export function complaintOf(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string | undefined {
  const ran = spawnSync(command, args, { ...options, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (ran.status === 0) return undefined;
  const said = `${ran.stdout ?? ''}${ran.stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
  return ran.error?.message ?? (said || `${command} ended with status ${ran.status}`);
}

/** Runs a command with our own terminal. @returns its exit status; 1 when a signal ended it. */
export function runThrough(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/**
 * Installs packages of the distribution as root, when that is possible here.
 * @returns why it was not, or undefined when they are installed.
 */
export function aptInstall(packages: readonly string[]): string | undefined {
  if (onPath('apt-get') === undefined) return 'there is no apt-get here';
  if (process.getuid?.() !== 0) return 'this needs root';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  // A fresh image has no package lists: the first try fails, the lists are fetched, the second counts.
  if (complaintOf('apt-get', install, { env }) === undefined) return undefined;
  return complaintOf('apt-get', ['update'], { env }) ?? complaintOf('apt-get', install, { env });
}
