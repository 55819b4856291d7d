import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { figuresOf } from '../../../docs/figures.ts';
import { benches } from '../benches.ts';
import { newestOf, readReports } from '../dated/newest.ts';
import { BY_HAND, BY_HAND_END } from '../dated/page.ts';
import { writeReport } from '../dated/write.ts';
import { listOf } from '../list.ts';
import { Report } from '../report.ts';
import { atLeast, atMost } from '../verdicts.ts';

const report = (more: Partial<Report> = {}): Report => ({
  bench: 'claims',
  startedAt: '2026-03-04T05:06:07.000Z',
  quick: false,
  sizes: {},
  seconds: 90,
  machine: {
    platform: 'linux x64',
    cpu: 'A <fast> | processor',
    cores: 2,
    memoryGib: 8,
    node: '24.0.0',
    postgres: { version: '18.4', settings: { fsync: 'on' } },
    fsyncMs: 0.2,
    busyBefore: 0.4,
    load: { before: 1.5, after: 2 },
    noise: { spreadMax: 0.35, tooNoisy: ['shaky & wild'] },
  },
  results: [
    { name: 'onsale', unit: 'holds/s', median: 50_000, min: 49_000, max: 52_000, runs: 7 },
    { name: 'shaky & wild', unit: 'holds/s', median: 10, min: 1, max: 20, runs: 7 },
    { name: 'cost', unit: 'µs', median: -1, min: -2, max: 3, runs: 7 },
  ],
  verdicts: [
    atLeast('claims-vs-row-lock', 'A multiple', 35, 34.5),
    atMost('claims-never-oversold', 'Faults', 0, 0),
  ],
  ...more,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsale-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('[RUN-57] a report keeps all that was printed, says what was missed and noisy, and its plot stands alone', () => {
  const path = writeReport(report(), 'How many?', folder);
  expect(path).toBe(join(folder, '2026-03-04-claims.md'));
  expect(Report.parse(JSON.parse(readFileSync(path.replace('.md', '.json'), 'utf8')))).toEqual(report());
  const page = readFileSync(path, 'utf8');
  for (const said of [
    'How many?',
    '1 of 2 verdicts is **missed**',
    'busy before it began',
    'Too noisy to tell',
    'A <fast> | processor',
  ]) {
    expect(page).toContain(said);
  }
  const plot = readFileSync(path.replace('.md', '.svg'), 'utf8');
  expect(plot).toMatch(/^<svg xmlns/);
  expect(plot).not.toMatch(/shaky & wild|href|url\(|<script|NaN/);
});

test('[RUN-57] notes begin a page, and what people wrote into it outlives the next run of the day', () => {
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'notes/claims.md'), 'See [the decision](../../decisions/0010.md).\n');
  const path = writeReport(report(), 'How many?', folder);
  expect(readFileSync(path, 'utf8')).toContain(
    `${BY_HAND}\nSee [the decision](../decisions/0010.md).\n${BY_HAND_END}`,
  );
  writeFileSync(path, readFileSync(path, 'utf8').replace('See [', 'Refuted: see ['));
  const later = report({ results: [{ ...report().results[0]!, median: 51_234 }] });
  const page = readFileSync(writeReport(later, 'How many?', folder), 'utf8');
  expect(page).toContain('Refuted: see [the decision](../decisions/0010.md).');
  expect(page).toContain('51,234');
  expect(page).not.toContain('50,000');
});

test('[RUN-58] the newest full run is told; a quick one only where there is no other', () => {
  const at = (day: string, more: Partial<Report> = {}): void =>
    void writeReport(report({ startedAt: `2026-03-${day}T00:00:00.000Z`, ...more }), 'How many?', folder);
  at('01', { quick: true });
  at('02');
  at('03');
  at('04', { quick: true });
  at('05', { bench: 'joins', quick: true });
  at('06', { bench: 'dodgers', sizes: { fans: 10_000_000 } });
  at('07', { bench: 'dodgers', sizes: { fans: 200_000 } });
  const newest = newestOf(readReports(folder));
  expect([...newest.values()].map(({ name }) => name).sort()).toEqual([
    '2026-03-03-claims',
    '2026-03-05-joins-quick',
    '2026-03-06-dodgers-fans-10000000',
  ]);
  const figures = figuresOf(newest);
  expect(figures).toContain('| 50,000 holds/s (49,000 to 52,000) |');
  expect(figures).toContain('| A multiple | 34.5 | at least 35, **missed** |');
  expect(figures).toContain('docs/benchmarks/2026-03-03-claims.md');
});

test('[RUN-57] [RUN-58] the reports that are here are whole, of benches that there are, and name neither path nor host', () => {
  const all = readReports();
  expect(all.length).toBeGreaterThan(0);
  for (const { name, report: here } of all) {
    const bench = benches.find((one) => one.name === here.bench);
    expect(bench, name).toBeDefined();
    const minutes = here.quick ? bench!.minutes.quick : bench!.minutes.full;
    const usual = Object.entries(bench!.sizes ?? {}).every(
      ([size, { quick, full }]) => here.sizes[size] === (here.quick ? quick : full),
    );
    if (usual)
      expect((here.seconds ?? 0) / 60, `${name}: takes longer than the list says`).toBeLessThanOrEqual(
        minutes,
      );
    for (const ending of ['json', 'md', 'svg']) {
      const path = join(import.meta.dirname, `../../../docs/benchmarks/${name}.${ending}`);
      expect(existsSync(path), path).toBe(true);
      const text = readFileSync(path, 'utf8');
      expect(text).not.toMatch(
        /(?:^|[\s"'(=])(?:file:\/\/)?\/(?:home|root|tmp|var|opt|srv|mnt|work|Users)\//m,
      );
      if (hostname().length > 3) expect(text).not.toContain(hostname());
    }
  }
});

test('the list says how long each bench takes', () => {
  for (const { name, minutes } of benches) {
    expect(minutes.quick, name).toBeLessThanOrEqual(minutes.full);
    expect(listOf(benches)).toContain(name);
  }
});
