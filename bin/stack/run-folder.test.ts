import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf, isAlive } from './identity.ts';
import { tryLock } from './lock.ts';
import { recordProcess } from './pid-records.ts';
import { removeRun, runFolder } from './run-folder.ts';
import { ownFolder } from './state.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'onsale-state-'));
});
afterEach(() => rmSync(state, { recursive: true }));

test('[RUN-3] a run clears away what a killed one left, processes and all, and leaves a living one alone', async () => {
  const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const [owner, orphan] = [sleeper(), sleeper()];
  const dead = ownFolder(state, 'test-4194999');
  recordProcess(dead, 'orphan', orphan.pid!);
  const living = ownFolder(state, `bench-${owner.pid}`);
  writeFileSync(join(living, 'owner'), identityOf(owner.pid!)!);

  const mine = await runFolder('test', state);
  expect([dead, living, mine].map((dir) => existsSync(dir))).toEqual([false, true, true]);
  expect([owner, orphan].map((child) => isAlive(child.pid!))).toEqual([true, false]);

  // Another process was given the owner's pid since.
  writeFileSync(join(living, 'owner'), 'another boot:1');
  await removeRun(mine);
  await removeRun(await runFolder('k6', state));
  expect(existsSync(living)).toBe(false);
  owner.kill('SIGKILL');
});

test('a lock is held by one, and a dead holder holds nothing', () => {
  const file = join(state, 'lock');
  const release = tryLock(file)!;
  expect(tryLock(file)).toBeUndefined();
  release();
  writeFileSync(file, '4194999 another boot:1');
  expect(tryLock(file)).toBeTypeOf('function');
  expect(tryLock(file)).toBeUndefined();
});
