import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { underLock } from './lock.ts';
import { ownFolder, repositoryRoot, stateFolder } from './state.ts';

const run = promisify(execFile);

const BUILD_WAIT_MS = 120_000;
const SOURCES = ['gateway/web', 'shared/src', 'pnpm-lock.yaml'];

/** Builds the pages when a source is newer than the last build. One build at a time; the others wait and use it. */
export async function buildWeb(): Promise<void> {
  if (isBuilt()) return;
  await underLock(join(ownFolder(stateFolder), 'web.lock'), BUILD_WAIT_MS, async () => {
    if (isBuilt()) return;
    const startedAt = new Date();
    const gateway = join(repositoryRoot, 'gateway');
    const vite = dirname(createRequire(join(gateway, 'package.json')).resolve('vite/package.json'));
    const build = [join(vite, 'bin', 'vite.js'), 'build', '--config', 'web/vite.config.ts'];
    await run(process.execPath, build, { cwd: gateway }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`The pages could not be built:\n${error.stdout}${error.stderr}`, { cause: error });
      },
    );
    // Written last: an interrupted build is not taken for a whole one. Dated at the start: a later change counts as newer.
    writeFileSync(stamp, startedAt.toISOString(), { mode: 0o600 });
  });
}

const stamp = join(stateFolder, 'web-built');

function isBuilt(): boolean {
  if (!existsSync(stamp) || !existsSync(join(repositoryRoot, 'gateway/web/dist/index.html'))) return false;
  const builtAt = Date.parse(readFileSync(stamp, 'utf8'));
  return SOURCES.every((source) => newestIn(join(repositoryRoot, source)) <= builtAt);
}

/** Newest change of a file at or below the path, epoch ms. Folders do not count: the build itself changes them. */
function newestIn(path: string): number {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const inner = readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .map((name) => newestIn(join(path, name)));
  return Math.max(0, ...inner);
}
