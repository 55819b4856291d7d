import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryRoot } from './state.ts';

const run = promisify(execFile);
let checkout: string;
let path: string;

/** A checkout with a command that says its arguments, and an `npx` that notes each install instead of fetching anything. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'onsale launch '));
  path = join(checkout, 'path');
  mkdirSync(join(checkout, 'bin/stack'), { recursive: true });
  mkdirSync(join(checkout, 'shared'));
  mkdirSync(path);
  for (const file of [
    'bin/stack/launch.sh',
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'shared/package.json',
  ]) {
    cpSync(join(repositoryRoot, file), join(checkout, file));
  }
  writeFileSync(join(checkout, 'bin/stack/say.ts'), `console.log(JSON.stringify(process.argv.slice(2)));`);
  program('bin/say', `. "$(dirname -- "$0")/stack/launch.sh"\nlaunch bin/stack/say.ts "$@"`);
  program('path/node', `exec '${process.execPath}' "$@"`);
  program('path/npx', `sleep 0.3\nmkdir -p node_modules\necho "$*" >> '${checkout}/installs'`);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function program(file: string, text: string): void {
  writeFileSync(join(checkout, file), `#!/usr/bin/env bash\nset -euo pipefail\n${text}\n`);
  chmodSync(join(checkout, file), 0o755);
}

const say = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, PATH: `${path}:${process.env.PATH}` };
  return (await run(join(checkout, 'bin/say'), args, { cwd: '/', env })).stdout.trim();
};
const installs = (): string[] => readFileSync(join(checkout, 'installs'), 'utf8').trim().split('\n');

test('[RUN-1] commands started at once install once, and again only when what is wanted changes', async () => {
  expect(await Promise.all([say('a b', '$HOME'), say(), say('--x')])).toEqual([
    '["a b","$HOME"]',
    '[]',
    '["--x"]',
  ]);
  await say();
  expect(installs()).toHaveLength(1);
  expect(installs()[0]).toContain('install --frozen-lockfile');

  writeFileSync(join(checkout, 'shared/package.json'), '{"name":"changed"}');
  await say();
  expect(installs()).toHaveLength(2);
});

test('[RUN-1] an install that was killed does not stand in the way', async () => {
  mkdirSync(join(checkout, '.onsale'));
  const dead = execFile('true');
  await new Promise((resolve) => dead.once('exit', resolve));
  writeFileSync(join(checkout, '.onsale/install.lock'), String(dead.pid));
  expect(await say('ok')).toBe('["ok"]');
  expect(existsSync(join(checkout, '.onsale/install.lock'))).toBe(false);
});

test('what the machine lacks is named, with what brings it', async () => {
  program('path/node', `echo "18"`);
  await expect(say()).rejects.toThrow(/too old: install Node 20 or newer/);
  program('path/npx', `echo 'no network' >&2\nexit 1`);
  program('path/node', `exec '${process.execPath}' "$@"`);
  await expect(say()).rejects.toThrow(/no network.*packages could not be installed/s);
});
