import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addProfile, hottest, noCalls } from '../profile/calls.ts';
import { beginProfiling } from '../profile/profiling.ts';

const frame = (functionName: string, url: string, lineNumber: number) => ({
  functionName,
  scriptId: '1',
  url,
  lineNumber,
  columnNumber: 0,
});

test('time is what samples say, by function and by caller; of idleness nothing, of packages no path', () => {
  const sampled = noCalls();
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)', '', -1), children: [2, 3, 5] },
      { id: 2, callFrame: frame('(idle)', '', -1) },
      { id: 3, callFrame: frame('sell', 'file:///here/shared/src/sell.ts', 9), children: [4] },
      { id: 4, callFrame: frame('parse', 'file:///here/node_modules/.pnpm/zod@4/node_modules/zod/v4.js', 0) },
      { id: 5, callFrame: frame('parse', 'file:///here/node_modules/.pnpm/zod@4/node_modules/zod/v4.js', 0) },
    ],
    startTime: 0,
    endTime: 1_100,
    samples: [2, 3, 4, 4, 5],
    timeDeltas: [700, 100, 50, 150, 100],
  };
  addProfile(sampled, profile, '/here');
  addProfile(sampled, profile, '/here');
  expect(sampled.watchedMicros).toBe(2_200);
  expect(sampled.root.totalMicros).toBe(800);
  expect(hottest(sampled, 2)).toEqual([
    { name: 'parse', where: 'zod/v4.js:1', part: 0.75 },
    { name: 'sell', where: 'shared/src/sell.ts:10', part: 0.25 },
  ]);
});

/** Says so when it has been busy in `burn`, then ends or stays. */
const SCRIPT = `
function burn() { const until = performance.now() + 200; while (performance.now() < until) Math.sqrt(until); }
burn();
if (process.argv[2] === 'ends') process.exit(0);
console.log('ready');
setInterval(() => {}, 1_000);
`;

test('[RUN-56] who ends by itself and who is still at work leaves a profile, who is killed is counted; the page needs nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-profile-'));
  const script = join(folder, 'burner.mjs');
  writeFileSync(script, SCRIPT);
  const before = process.env.NODE_OPTIONS;
  let children: ChildProcess[] = [];
  try {
    const profiling = beginProfiling('probe', join(folder, 'profiles'));
    children = ['ends', 'stays', 'killed'].map((word) =>
      spawn(process.execPath, [script, word], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const [ends, stays, killed] = children;
    const gone = once(killed!, 'exit');
    await Promise.all([once(ends!, 'exit'), once(stays!.stdout!, 'data'), once(killed!.stdout!, 'data')]);
    killed!.kill('SIGKILL');
    await gone;
    const told = await profiling.end();
    expect(stays!.exitCode).toBeNull();

    expect(process.env.NODE_OPTIONS).toBe(before);
    expect(told.join('\n')).toMatch(/burner\.mjs ends: busy [\s\S]* burn {2}/);
    expect(told.join('\n')).toMatch(/burner\.mjs stays: busy /);
    expect(told).toContain('killed, and without samples: 1');
    const [run] = readdirSync(join(folder, 'profiles'));
    const files = readdirSync(join(folder, 'profiles', run!));
    expect(run).toMatch(/^\d{8}T\d{6}Z-probe$/);
    expect(files.filter((file) => file.endsWith('.cpuprofile'))).toHaveLength(3);
    expect(files.filter((file) => file.endsWith('.json'))).toEqual([]);
    const page = readFileSync(join(folder, 'profiles', run!, 'index.html'), 'utf8');
    expect(page).toContain('>burn</i>');
    expect(page).not.toMatch(/src=|href=|@import|url\(/);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
