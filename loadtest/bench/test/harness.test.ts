import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import type { Bench } from '../bench.ts';
import { noiseOf, SPREAD_MAX } from '../machine.ts';
import { perform } from '../perform.ts';
import { exitCodeOf, Report } from '../report.ts';
import { interleave, orderOf } from '../rounds.ts';
import { openStage } from '../stage.ts';
import { median, ratios, spreadOf, summaryOf } from '../statistics.ts';
import { tableOf } from '../table.ts';
import { atLeast, atMost } from '../verdicts.ts';

const quiet = { quick: true, say: () => {} };

describe('statistics', () => {
  test('the median is the middle by size, or the mean of two; none of nothing', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([1, 2, 10, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  test('the spread is the range as a part of the median', () => {
    expect(summaryOf([90, 100, 120])).toEqual({ median: 100, min: 90, max: 120, runs: 3 });
    expect(spreadOf(summaryOf([90, 100, 120]))).toBeCloseTo(0.3);
    expect(spreadOf(summaryOf([-20, -10, 30]))).toBe(5);
    expect(spreadOf(summaryOf([0, 0]))).toBe(0);
    expect(spreadOf(summaryOf([0, 0, 5]))).toBe(Number.POSITIVE_INFINITY);
  });

  test('ratios pair the runs of a round: a machine that halves its speed changes none of them', () => {
    expect(ratios([100, 50, 100], [10, 5, 10])).toEqual([10, 10, 10]);
    expect(() => ratios([1, 2], [1])).toThrow(RangeError);
  });
});

describe('rounds', () => {
  test('every round has everyone once and begins with another', () => {
    expect([0, 1, 2, 3].map((round) => orderOf(['a', 'b', 'c'], round).join(''))).toEqual([
      'abc',
      'bca',
      'cab',
      'abc',
    ]);
  });

  test('runs interleave, warm-ups are run and not counted, values stay in the order of rounds', async () => {
    const ran: string[] = [];
    const contender = (name: string) => ({
      name,
      run: async (round: number) => {
        ran.push(`${name}${round}`);
        return round;
      },
    });
    const values = await interleave([contender('a'), contender('b')], { rounds: 2, warmUps: 1 });
    expect(ran).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    expect(Object.fromEntries(values)).toEqual({ a: [1, 2], b: [1, 2] });
  });
});

describe('the report', () => {
  const bench = (verdicts: Report['verdicts']): Bench => ({
    name: 'probe',
    question: 'Does the harness hold?',
    minutes: { quick: 1, full: 1 },
    async run({ database }) {
      const mine = await database('empty');
      const fsync = await onServer(
        mine.url,
        async (client) => (await client.query('SHOW fsync')).rows[0].fsync,
      );
      await mine.drop();
      expect(fsync).toBe('on');
      return { results: [{ name: 'probe', unit: 'runs/s', ...summaryOf([1, 2]) }], verdicts };
    },
  });

  test('has the documented shape, says noise, and fails exactly when a verdict fails', async () => {
    const pass = atLeast('probe-fast', 'Fast enough', 2, 2);
    const report = await perform(bench([pass, atMost('probe-faults', 'No faults', 0, 0)]), quiet);
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(Object.keys(report)).toEqual([
      'bench',
      'startedAt',
      'quick',
      'sizes',
      'seconds',
      'machine',
      'results',
      'verdicts',
    ]);
    expect(report.quick).toBe(true);
    expect(report.results[0]).toEqual({
      name: 'probe',
      unit: 'runs/s',
      median: 1.5,
      min: 1,
      max: 2,
      runs: 2,
    });
    expect(report.machine.postgres.settings).toMatchObject({ fsync: 'on', synchronous_commit: 'on' });
    expect(report.machine.noise).toEqual({ spreadMax: SPREAD_MAX, tooNoisy: ['probe'] });
    expect(noiseOf([{ ...report.results[0]!, min: 1.4, max: 1.6 }]).tooNoisy).toEqual([]);
    expect(exitCodeOf(report)).toBe(0);

    const missed = { ...report, verdicts: [pass, atLeast('probe-slow', 'Fast enough', 2, 1.999)] };
    expect(exitCodeOf(missed)).toBe(1);
    expect(atLeast('no-number', 'A value', 0, Number.NaN).pass).toBe(false);
    const table = tableOf(missed, 'Does it?');
    expect(table).toMatch(/FAIL +probe-slow +2 +2 +Fast enough/);
    expect(table).toContain('too noisy to tell: runs of probe');
  });

  test('servers and folder are gone after a bench that throws', async () => {
    let stage: Awaited<ReturnType<typeof openStage>> | undefined;
    try {
      stage = await openStage();
      expect(existsSync(stage.dir)).toBe(true);
      expect((await stage.database('migrated')).url).not.toBe((await stage.database('migrated')).url);
    } finally {
      await stage?.close();
    }
    expect(existsSync(stage.dir)).toBe(false);
    await expect(onServer(stage.databaseUrl, async () => {})).rejects.toThrow();
    await expect(
      perform({ ...bench([]), run: () => Promise.reject(new Error('the bench broke')) }, quiet),
    ).rejects.toThrow('the bench broke');
  });
});

test('the command lists its benches, and says what it does not know', () => {
  const main = resolve(import.meta.dirname, '../main.ts');
  const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  const listed = run('--list');
  expect([listed.status, listed.stdout]).toEqual([
    0,
    expect.stringMatching(/^claims +\d+ +\d+ {2}How many/m),
  ]);
  for (const args of [
    ['nothing'],
    [],
    ['claims', 'claims'],
    ['claims', '--slow'],
    ['claims', '--report', '--profile'],
    ['claims', '--fans', '2000'],
    ['dodgers', '--fans', '5'],
  ]) {
    const refused = run(...args);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('bin/bench <name>');
  }
});
