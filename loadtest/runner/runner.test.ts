import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { afterAll, describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { clockOf } from './clock-of.ts';
import { boundFor, filesFor } from './open-files.ts';
import { allowed } from './place.ts';
import { scriptOf, scripts } from './scripts.ts';
import { settingsOf } from './settings.ts';
import { watchSale } from './watch.ts';

describe('where load may go', () => {
  const here = ['http://127.0.0.1:3000', 'http://127.9.9.9', 'http://localhost', 'http://[::1]:80/a'];
  const elsewhere = [
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'http://127.0.0.1@example.org/',
    'https://tickets.example.org/shop',
  ];

  test.each(here)('[RUN-31] %s is this machine', (url) => {
    expect(allowed(url, false)).toBe(new URL(url).origin);
  });

  test.each(elsewhere)('[RUN-31] %s is not, unless its sender says that it is his', (url) => {
    expect(() => allowed(url, false)).toThrow('--this-is-mine');
    expect(allowed(url, true)).toBe(new URL(url).origin);
  });

  test('[RUN-31] what is no address of the web is none for anybody, and k6 is given no other by its own arguments', () => {
    for (const url of ['example.org', 'ftp://127.0.0.1', ''])
      expect(() => allowed(url, true)).toThrow('no address');
    for (const own of [['-e', 'ONSALE_URL=http://example.org'], ['--env=ONSALE_URL=http://example.org']])
      expect(() => readArguments(['spike', '--', ...own], {})).toThrow('--target');
  });
});

test('[RUN-32] fans who need more open files than are allowed are refused with the command; a lower bound in force is raised', () => {
  const needed = filesFor(2_000);
  expect(boundFor(10, { soft: 1_024, hard: 4_096 })).toBe(1_024);
  expect(boundFor(2_000, { soft: 1_024, hard: Number.POSITIVE_INFINITY })).toBe(needed);
  expect(boundFor(2_000, { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY })).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(() => boundFor(2_000, { soft: 1_024, hard: needed - 1 })).toThrow(`ulimit -n ${needed}`);
});

describe('what is asked for', () => {
  test('[RUN-32] what is no number, unknown, or too much is named', () => {
    const asked = (...args: string[]) => readArguments(args, {});
    expect(() => asked()).toThrow('Which script?');
    expect(() => asked('spike', '--fans', '1.5')).toThrow('--fans must be a whole number');
    expect(() => asked('spike', '--seed', 'x')).toThrow('--seed must be a whole number');
    expect(() => asked('spike', '--vus', '3')).toThrow('--vus');
    expect(() => asked('spike', 'soak')).toThrow('-- soak');
    expect(() => asked('compare', 'a')).toThrow('compare <report A> <report B>');
    expect(asked('spike', '--', '--vus', '3')).toMatchObject({ what: 'run', seed: 1, rest: ['--vus', '3'] });
    expect(() => scriptOf('nothing')).toThrow('flash-sale');
  });

  test('the command line counts before the environment, and that before what the setup says', () => {
    const script = scriptOf('flash-sale');
    const env = { FANS: '7', SEED: '9', THINK_SECONDS: '0', HOME: '/nowhere', NO_SHOW: '' };
    const wish = (...args: string[]) =>
      readArguments(['flash-sale', ...args], env) as { what: 'run' } & Parameters<typeof settingsOf>[1];
    expect(settingsOf(script, wish(), env)).toEqual({
      ...script.setup.defaults,
      FANS: '7',
      SEED: '9',
      THINK_SECONDS: '0',
    });
    expect(settingsOf(script, wish('--fans', '3', '--seed', '4'), env)).toMatchObject({
      FANS: '3',
      SEED: '4',
    });
  });
});

describe('what a script needs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-scripts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('[RUN-30] every script of ours says what it needs set up; one that says it wrongly is named', () => {
    expect(scripts().map(({ name }) => name)).toContain('flash-sale');
    for (const { name, setup } of scripts()) {
      expect(setup.about, name).not.toBe('');
      // A warm-up is the same script, smaller: it can differ in nothing that the script does not know.
      for (const option of Object.keys(setup.warmUp ?? {}))
        expect(setup.defaults, name).toHaveProperty(option);
    }

    const script = join(folder, 'mine.ts');
    writeFileSync(script, '');
    expect(scriptOf(script).setup).toMatchObject({ defaults: {}, needs: {} });
    for (const wrong of [
      '{',
      '{"about": "x", "event": {"like": "a", "tiers": []}}',
      '{"about": "x", "event": {"eventId": "a"}}',
    ]) {
      writeFileSync(join(folder, 'mine.setup.json'), wrong);
      expect(() => scriptOf(script), wrong).toThrow('mine.setup.json');
    }
  });
});

test('[RUN-32] of two clocks the answer that came soonest tells, and how far it may be off', async () => {
  let asked = 0;
  const { aheadMs, withinMs } = await clockOf(async () => {
    asked += 1;
    // The first answer is late and tells of a time long past.
    if (asked > 1) return Date.now() + 5_000;
    const theirsMs = Date.now() + 5_000;
    const until = performance.now() + 200;
    while (performance.now() < until);
    return theirsMs;
  });
  expect(Math.abs(aheadMs - 5_000)).toBeLessThanOrEqual(withinMs + 1);
  expect(withinMs).toBeLessThan(100);
});

test('[RUN-34] a sale that is away leaves a gap in what was seen of it, and is looked at again', async () => {
  let looks = 0;
  const twice = Promise.withResolvers<void>();
  const watch = watchSale(
    {
      look: async () => {
        looks += 1;
        if (looks === 2) twice.resolve();
        throw new Error('away');
      },
    },
    'gig',
    () => {},
  );
  await twice.promise;
  const timeline = await watch.stop();
  expect(timeline).toHaveLength(looks);
  expect(timeline.every(({ waiting, sold }) => waiting === null && sold === null)).toBe(true);
});

test('[RUN-34] the last look at the sale is of after the load: stock and line are asked for until both are', async () => {
  // The sale answers at 1000, 1001, …; stock was counted at 999 and is again at 1003, the line was looked at at 998 and is again at 1002.
  let serverTimeMs = 999;
  const loadEnded = Promise.withResolvers<void>();
  const watch = watchSale(
    {
      look: async () => {
        serverTimeMs += 1;
        // The load ends while the first answer is on its way.
        await loadEnded.promise;
        const asOfMs = serverTimeMs < 1_003 ? 999 : 1_003;
        const tickedAtMs = serverTimeMs < 1_002 ? 998 : 1_002;
        return {
          policy: { ratePerMinute: 60 },
          live: { waiting: 0, offers: 0, sessions: 0, admittedLastMinute: 0, tickedAtMs },
          stock: { sold: asOfMs === 999 ? 8 : 9, held: 0, free: 0, asOfMs },
          serverTimeMs,
        } as OperatorRoom;
      },
    },
    'gig',
    () => {},
  );
  const stopped = watch.stop();
  loadEnded.resolve();
  const timeline = await stopped;
  expect(timeline.map(({ sold }) => sold)).toEqual([8, 8, 8, 9]);
});
