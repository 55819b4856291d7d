import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { identityOf, isAlive } from './identity.ts';
import type { Keeping, Program } from './kept-process.ts';
import { endRecorded, recordProcess } from './pid-records.ts';
import { afterDeath } from './restart-policy.ts';
import { type Supervisor, supervise } from './supervisor.ts';

let dir: string;
let supervisor: Supervisor | undefined;
const lines: string[] = [];
const givenUp: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'onsale-supervisor-'));
  lines.length = 0;
  givenUp.length = 0;
});
afterEach(async () => {
  await supervisor?.stop();
  supervisor = undefined;
  await endRecorded(dir, 1_000);
  rmSync(dir, { recursive: true });
});

const keeping = (): Keeping => ({
  dir,
  restart: true,
  onLine: (name, line) => lines.push(`${name}: ${line}`),
  onGiveUp: (name) => givenUp.push(name),
});

/** A process that says it is there by a file, and takes that back when asked to end. */
function program(name: string, code = ''): Program {
  const mark = join(dir, `${name}.up`);
  const script = `
    const fs = require('node:fs');
    ${code}
    fs.writeFileSync(${JSON.stringify(mark)}, String(process.pid));
    process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
    setInterval(() => {}, 1000);`;
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    cwd: dir,
    env: process.env,
    healthy: async () => isAlive(Number(readFileSync(mark, 'utf8'))),
  };
}

test('[RUN-2] pauses between restarts grow, and more restarts than a minute allows end in giving up', () => {
  const deaths: number[] = [];
  const pauses: Array<number | 'giveUp'> = [];
  for (let death = 0; death <= limits.restartsPerMinuteMax; death += 1) {
    deaths.push(1_000_000 + death);
    pauses.push(afterDeath(deaths));
  }
  expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
  expect(Math.max(...pauses.slice(0, -1).map(Number))).toBe(limits.restartPauseMaxMs);
  expect(pauses.at(-1)).toBe('giveUp');
  // Deaths of an earlier minute are forgotten.
  expect(afterDeath([...deaths, deaths.at(-1)! + 60_000])).toBe(limits.restartPauseMinMs);
});

test('[RUN-2] a killed process comes back; stopped by us it stays away, the last started first', async () => {
  supervisor = await supervise([[program('first')], [program('second')]], keeping());
  const before = supervisor.pid('first')!;
  await supervisor.kill('first');
  await until(() => supervisor!.pid('first') !== undefined && supervisor!.pid('first') !== before, {
    what: 'another process of that name',
  });
  expect(lines.join('\n')).toContain('first: died (SIGKILL); starting again in 100 ms');

  await until(() => Number(readFileSync(join(dir, 'first.up'), 'utf8')) === supervisor!.pid('first'), {
    what: 'the new one to be up',
  });
  await supervisor.stop();
  expect(lines.filter((line) => line.endsWith('asked to end'))).toEqual([
    'second: asked to end',
    'first: asked to end',
  ]);
  expect(readdirSync(join(dir, 'pids'))).toEqual([]);
});

test('[RUN-2] one that keeps dying is given up, loudly', async () => {
  const crash = `if (fs.existsSync('broken')) { console.log('cannot work'); process.exit(3); }`;
  supervisor = await supervise([[program('flaky', crash)]], keeping());
  mkdirSync(join(dir, 'broken'));
  await supervisor.kill('flaky');
  await until(() => givenUp.length, { what: 'giving up', withinMs: 40_000 });
  expect(givenUp).toEqual(['flaky']);
  expect(lines.filter((line) => line.includes('starting again'))).toHaveLength(limits.restartsPerMinuteMax);
  expect(lines.at(-1)).toContain('given up after 10 restarts in a minute');
});

test('[RUN-5] one that cannot start fails the start at once with its own words, and the others are stopped', async () => {
  const broken = program('broken', `console.error('PLACE_KEY: missing'); process.exit(1);`);
  await expect(supervise([[program('fine')], [broken]], keeping())).rejects.toThrow(
    /broken did not start \(it ended\):\nPLACE_KEY: missing/,
  );
  expect(isAlive(Number(readFileSync(join(dir, 'fine.up'), 'utf8')))).toBe(false);
});

test('[RUN-1] what a killed supervisor left running is ended by pid and identity, and nobody else', async () => {
  supervisor = await supervise([[program('orphan')]], { ...keeping(), restart: false });
  const pid = supervisor.pid('orphan')!;
  // A note whose process is gone, and whose pid now belongs to somebody else: to us.
  recordProcess(dir, 'somebody else', process.pid);
  const note = join(dir, 'pids', String(process.pid));
  const record = JSON.parse(readFileSync(note, 'utf8'));
  expect(record.identity).toBe(identityOf(process.pid));
  writeFileSync(note, JSON.stringify({ ...record, identity: 'another boot:1' }));

  expect(await endRecorded(dir, 5_000)).toEqual(['orphan']);
  expect(isAlive(pid)).toBe(false);
});
