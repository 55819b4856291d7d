import { describe, expect, test } from 'vitest';
import { barChart, lineChart } from './chart.ts';
import { breaks, compareReports } from './compare.ts';
import { comparisonTable } from './compare-table.ts';
import { EXIT, outcomeOf } from './outcome.ts';
import { notLooked } from './promises.ts';
import type { Outcome } from './report.ts';
import { told } from './sentence.ts';
import { readSummary } from './summary.ts';
import { sample } from './test/sample.ts';
import { thinned } from './thinned.ts';

describe('the verdict', () => {
  const kept = { ...sample(), interrupted: false, looks: true };
  const dropped = { ...kept.metrics, dropped_iterations: { kind: 'counter' as const, values: { count: 1 } } };
  const [first, ...others] = kept.promises;
  const brokenPromise = [{ ...first!, kept: false }, ...others];
  const brokenThreshold = kept.thresholds.map((threshold) => ({ ...threshold, pass: false }));
  const missed = (metric: string) => [...kept.thresholds, { ...kept.thresholds[0]!, metric, pass: false }];
  const nobodyLooked = notLooked('no servers were named');

  test.each<[string, Partial<typeof kept>, Outcome]>([
    ['everything kept', {}, 'kept'],
    ['a broken threshold', { thresholds: brokenThreshold }, 'broken'],
    ['a broken promise', { promises: brokenPromise }, 'broken'],
    ['one dropped arrival', { metrics: dropped }, 'invalid'],
    ['arrivals that came late', { thresholds: missed('late_arrivals') }, 'invalid'],
    ['arrivals that k6 never started', { thresholds: missed('iterations{scenario:fans}') }, 'invalid'],
    [
      'dropped arrivals, and thresholds that break for it',
      { metrics: dropped, thresholds: brokenThreshold },
      'invalid',
    ],
    ['nobody there', { metrics: {} }, 'invalid'],
    ['journeys that took too long', { thresholds: missed('iteration_duration') }, 'broken'],
    [
      'dropped arrivals, and a promise broken all the same',
      { metrics: dropped, promises: brokenPromise },
      'broken',
    ],
    ['stopped', { interrupted: true, thresholds: brokenThreshold, metrics: dropped }, 'interrupted'],
    ['an audit that could not look', { promises: nobodyLooked }, 'unjudged'],
    ['a target whose servers are not ours to look at', { promises: nobodyLooked, looks: false }, 'kept'],
  ])('[RUN-33] [RUN-37] %s', (_, findings, outcome) => {
    expect(outcomeOf({ ...kept, ...findings })).toBe(outcome);
  });

  test('[RUN-33] only what was kept ends with 0', () => {
    expect(Object.entries(EXIT).filter(([, status]) => status === 0)).toEqual([['kept', 0]]);
    expect(EXIT).toMatchObject({ broken: 1, invalid: 3, interrupted: 130 });
  });

  test('[RUN-37] what nobody looked at is not said to be kept', () => {
    const said = told(sample({ promises: nobodyLooked }), 'folder');
    expect(said).toContain('The promises were not looked at.');
    expect(said).not.toMatch(/promises .*held/);
  });
});

test("[RUN-33] of k6's summary: thresholds the right way round, their figures, checks of every group, dropped arrivals, by name", () => {
  const check = { name: 'a', path: '', id: '', passes: 3, fails: 1 };
  const { metrics, thresholds, checks } = readSummary(
    JSON.stringify({
      root_group: {
        checks: { a: check },
        groups: { g: { checks: { a: { ...check, name: 'b' } }, groups: {} } },
      },
      metrics: {
        trend: { avg: 1, med: 1, 'p(99)': 7.5, max: 8, thresholds: { 'p(99)<5': true, 'max<9': false } },
        checks: { passes: 3, fails: 1, value: 0.75, thresholds: { 'rate==1': true } },
        dropped_iterations: { count: 4, rate: 1, thresholds: { 'count==0': true } },
        vus: { value: 1, min: 1, max: 2 },
      },
    }),
  );
  expect(thresholds).toEqual([
    { metric: 'checks', threshold: 'rate==1', pass: false, value: 0.75 },
    { metric: 'dropped_iterations', threshold: 'count==0', pass: false, value: 4 },
    { metric: 'trend', threshold: 'p(99)<5', pass: false, value: 7.5 },
    { metric: 'trend', threshold: 'max<9', pass: true, value: 8 },
  ]);
  expect(Object.values(metrics).map(({ kind }) => kind)).toEqual(['rate', 'counter', 'trend', 'gauge']);
  expect(checks.map(({ name, fails }) => [name, fails])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  expect(() => readSummary('{"results": {}}')).toThrow();
});

describe('two reports', () => {
  const before = sample();
  const slower = {
    ...before.metrics,
    'http_req_duration{op:join}': {
      kind: 'trend' as const,
      values: { med: 20, 'p(95)': 60, 'p(99)': 120.5, max: 300 },
    },
  };

  test('[RUN-35] what was not the same stands first, the figures with their change below', () => {
    const { environment } = before;
    const after = sample({
      seed: 2,
      metrics: slower,
      environment: {
        ...environment,
        machine: { ...environment.machine, cores: 8 },
        event: 'rehearsal-flash-sale-2',
        settings: { ...environment.settings, NO_SHOW: '0.1' },
      },
    });
    const comparison = compareReports(before, after);
    expect(comparison.differing).toEqual([
      { what: 'seed', before: '1', after: '2' },
      { what: 'machine, cores', before: '2', after: '8' },
      { what: 'NO_SHOW', before: 'not set', after: '0.1' },
    ]);
    const table = comparisonTable(comparison);
    expect(table.indexOf('machine, cores')).toBeLessThan(table.indexOf('http_req_duration'));
    expect(table).toMatch(/http_req_duration\{op:join\}\s+med\s+10 ms\s+20 ms\s+\+100 %/);
    expect(breaks(comparison)).toBe(false);
  });

  test('[RUN-35] a promise or a threshold that was kept and is broken fails it; one that was broken before does not', () => {
    const [promise, ...promises] = before.promises;
    const broken = sample({
      promises: [{ ...promise!, kept: false, detail: '1 times' }, ...promises],
      outcome: 'broken',
    });
    const over = sample({
      thresholds: before.thresholds.map((threshold) => ({ ...threshold, pass: false })),
    });
    for (const after of [broken, over]) {
      expect(breaks(compareReports(before, after))).toBe(true);
      expect(breaks(compareReports(after, before))).toBe(false);
      expect(breaks(compareReports(after, after))).toBe(false);
    }
    expect(comparisonTable(compareReports(before, broken))).toContain(`BROKEN  promise ${promise!.id}`);
  });

  test('[RUN-37] a promise that nobody looked at afterwards is named, and not called broken', () => {
    const comparison = compareReports(before, sample({ promises: notLooked('no servers') }));
    expect(comparison.turns).toHaveLength(before.promises.length);
    expect(comparison.turns[0]).toMatchObject({ before: 'kept', after: 'not looked' });
    expect(breaks(comparison)).toBe(false);
  });
});

describe('charts', () => {
  const axes = { title: 'A & B', x: { label: 'x' }, y: { label: 'y' } };

  test('[RUN-34] a gap is a gap, a name is text, and no spike is lost of a long line', () => {
    const svg = lineChart({
      ...axes,
      series: [
        {
          name: '<b>',
          points: [
            [0, 1],
            [1, null],
            [2, 3],
            [3, 4],
          ],
        },
        { name: 'b', points: [] },
      ],
    });
    expect(svg).toContain('<title>A &#38; B</title>');
    expect(svg).toContain('&#60;b&#62;');
    expect(svg.match(/<path d="([^"]*)"/)?.[1]).toMatch(/^M[\d. ]+M[\d. ]+L[\d. ]+$/);

    const long = Array.from(
      { length: 50_000 },
      (_, x) => [x, x === 31_417 ? 9 : x === 40_000 ? null : 1] as const,
    );
    const short = thinned(long);
    expect(short.length).toBeLessThan(1_000);
    expect(short).toContainEqual([31_417, 9]);
    expect(short).toContainEqual([40_000, null]);
    expect(short.map(([x]) => x)).toEqual(short.map(([x]) => x).toSorted((a, b) => a - b));
  });

  test('[RUN-34] nothing to draw, zeros, and more lines than can be told apart', () => {
    expect(lineChart({ ...axes, series: [{ name: 'a', points: [] }] })).not.toContain('NaN');
    expect(lineChart({ ...axes, series: [{ name: 'a', points: [[0, 0]] }] })).not.toMatch(/NaN|Infinity/);
    expect(barChart({ title: 't', label: 'l', bars: [{ name: 'a', value: 0 }] })).not.toMatch(/NaN|Infinity/);
    const six = Array.from({ length: 6 }, () => ({ name: 'a', points: [] }));
    expect(() => lineChart({ ...axes, series: six })).toThrow(RangeError);
  });
});
