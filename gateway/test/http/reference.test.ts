import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, launchBrowser } from '../../../test/browser.ts';
import { type Door, openDoor } from '../door.ts';

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1_280, height: 900 } };
/** Set: screenshots are kept there. */
const shots = process.env.SCREENSHOTS;

describeInBrowser('the reference', () => {
  let door: Door;
  let browser: Browser;
  beforeAll(async () => {
    [door, browser] = await Promise.all([openDoor(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await door?.close();
  });

  test.each(Object.entries(sizes))(
    '[API-12] lists every operation on a %s, opens one, and asks nobody else',
    async (name, viewport) => {
      const context = await browser.newContext({ viewport });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(door.url) && !request.url().startsWith('data:'))
          faults.push(`asked ${request.url()}`);
      });
      await page.goto(`${door.url}/reference`);
      await page.waitForSelector('.opblock');

      const { paths } = (await (await door.call('/openapi.json')).json()) as {
        paths: Record<string, Record<string, object>>;
      };
      const documented = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const listed = await page.$$eval('.opblock-summary', (blocks) =>
        blocks.map((block) => {
          const text = (of: string): string =>
            block.querySelector(of)!.textContent!.replaceAll('\u200b', '').trim();
          return `${text('.opblock-summary-method')} ${text('.opblock-summary-path')}`;
        }),
      );
      expect(listed.sort()).toEqual(documented.sort());

      await page.click('#operations-Holds-createHold .opblock-summary-control');
      await page.waitForSelector('#operations-Holds-createHold .responses-table');
      const opened = (await page.textContent('#operations-Holds-createHold'))!;
      expect(opened).toContain('soldOut');
      expect(opened).toContain('Any two of a tier');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        viewport.width,
      );
      if (shots !== undefined) {
        mkdirSync(shots, { recursive: true });
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(shots, `reference-${name}.png`) });
        await page.locator('#operations-Holds-createHold').scrollIntoViewIfNeeded();
        await page.screenshot({ path: join(shots, `operation-${name}.png`) });
      }

      await page.goto(`${door.url}/reference/errors#soldOut`);
      expect(await page.locator('dt:target').textContent()).toContain('soldOut');
      if (shots !== undefined) await page.screenshot({ path: join(shots, `errors-${name}.png`) });
      expect(faults).toEqual([]);
      await context.close();
    },
  );

  test('[API-12] no script may run that is not a file of ours, and the walls of every page stand', async () => {
    const response = await door.call('/reference');
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|script-src|https?:/);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(await response.text()).not.toMatch(/<script(?![^>]* src="\/reference\/)|<style|https?:/);
    const again = await door.call('/reference', {
      headers: { 'if-none-match': response.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });
});
