import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { desktop, expectAccessible, phone, type Visitor } from '../../gateway/web/test/stage.ts';
import { describeInBrowser, launchBrowser } from '../../test/browser.ts';
import { readReport, writeReport } from './folder.ts';
import type { Report } from './report.ts';
import { sample } from './test/sample.ts';

const [first, ...others] = sample().promises;
const broken = sample({
  outcome: 'broken',
  promises: [
    { ...first!, kept: false, detail: `3 times: ${JSON.stringify({ order: 'x'.repeat(200) })}` },
    ...others,
  ],
  checks: [{ name: 'join is answered', passes: 1, fails: 2 }],
});
/** Stopped before k6 could say anything, and the sale was not seen. */
const empty = sample({ outcome: 'interrupted', thresholds: [], checks: [], metrics: {}, timeline: [] });

describeInBrowser('the page of a report', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'onsale-report-'));
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test.each<[string, Report, RegExp]>([
    ['broken', broken, /1 of \d+ promises/],
    ['empty', empty, /Somebody stopped the run/],
  ])(
    '[RUN-34] a report that is %s needs nothing else, and reads on phone and desktop',
    async (_, report, sentence) => {
      await writeReport(folder, report);
      expect(readReport(folder)).toEqual(report);
      for (const viewport of [phone, desktop]) {
        const context = await browser.newContext({ viewport });
        const page = await context.newPage();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        const url = pathToFileURL(join(folder, 'index.html')).href;
        await page.goto(url);
        expect(asked).toEqual([url]);
        await expectAccessible({ page } as Visitor);
        expect(await page.locator('header').textContent()).toMatch(sentence);
        // What is told of the script is text, whatever it holds.
        expect(await page.getByText('Fans <b>come</b> & go').count()).toBe(1);
        expect(await page.locator('figure svg').count()).toBe(report === broken ? 6 : 0);
        if (report === broken)
          expect(await page.locator('tbody tr').first().textContent()).toContain('BROKEN');
        await context.close();
      }
    },
  );
});
