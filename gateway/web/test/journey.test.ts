import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { soon } from './patience.ts';
import {
  desktop,
  enter,
  expectAccessible,
  giveDetails,
  inNoTime,
  join,
  pay,
  phone,
  reserve,
  type Stage,
  startStage,
  type Visitor,
} from './stage.ts';

const stadium = 'dodgers-live';

describeInBrowser('buying in a browser', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({}, { seeded: true });
    await stage.setRoom(stadium, { open: true, paused: false, ratePerMinute: 60_000, capacity: 1_000 });
  });
  afterAll(() => stage?.stop());

  test.each([
    ['phone', phone],
    ['desktop', desktop],
  ])(
    '[PAGE-1] [PAGE-3] [PAGE-7] from the list to the tickets at %s size, no queue, nothing in the console, axe content',
    async (_, viewport) => {
      const fan = await stage.visit('/', viewport);
      await fan.page.locator('.event-card').first().waitFor();
      await expectAccessible(fan);
      await fan.page.locator(`a[href="/events/${stadium}"]`).click();
      await fan.shows('event');
      await expectAccessible(fan);
      // How soon the turn comes is the line's (LINE-6); here it is what the page does with one that comes at once.
      await inNoTime(fan, async () => {
        await join(fan);
        await fan.shows('shopping');
      });
      await expectAccessible(fan);
      await reserve(fan, 2);
      await fan.shows('held');
      await soon(() => fan.page.getByRole('timer').textContent()).toMatch(/^(10:00|9:\d\d)$/);
      await fan.page.getByRole('button', { name: 'Continue to payment' }).click();
      await fan.page.locator('.fault').first().waitFor();
      await expectAccessible(fan);
      await giveDetails(fan);
      await fan.shows('paying');
      await expectAccessible(fan);
      await pay(fan);
      await fan.shows('tickets');
      await fan.page.locator('.qr').nth(1).waitFor();
      await soon(() => fan.page.locator('.issued-code').count()).toBe(2);
      await expectAccessible(fan);

      expect(await fan.shown()).not.toContain('waiting');
      const link = await fan.page.getByRole('link', { name: 'Address of your tickets' }).getAttribute('href');
      await fan.page.goto(stage.sale.gatewayUrl + link);
      await fan.page.locator('.qr').nth(1).waitFor();
      await expectAccessible(fan);
      expect(fan.faults).toEqual([]);
      await fan.close();
    },
  );

  test('[PAGE-2] a reload at every step continues there', async () => {
    const fan = await stage.visit(`/events/${stadium}`);
    const again = async (step: string): Promise<void> => {
      await fan.shows(step);
      await fan.page.reload();
      await fan.shows(step);
    };
    await again('event');
    await join(fan);
    await enter(fan);
    await again('shopping');
    await reserve(fan, 3);
    await again('held');
    await soon(() => fan.page.locator('.basket li').count()).toBe(3);
    await giveDetails(fan);
    await again('paying');
    await pay(fan, 'Decline');
    await fan.shows('declined');
    await fan.page.reload();
    await fan.shows('paying');
    await pay(fan);
    await again('tickets');
    await fan.page.locator('.qr').nth(2).waitFor();
    // The decline is the one thing that was refused, and the browser itself says so.
    expect(fan.faults.filter((fault) => !fault.includes('402'))).toEqual([]);
    await fan.close();
  });

  test('[PAGE-2] a payment whose answer is lost is paid once, and the page finds its tickets', async () => {
    const fan = await shopUntilPaying(stage);
    const keys: (string | undefined)[] = [];
    const troubleSeen = Promise.withResolvers<void>();
    await fan.page.route('**/payments', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      // The first reaches the sale, and its answer never the fan; the next goes on when it was seen that this is said.
      if (keys.length > 1) {
        await troubleSeen.promise;
        return route.continue();
      }
      await route.fetch();
      return route.abort('connectionreset');
    });
    await pay(fan);
    await fan.page.locator('[data-trouble="offline"]').waitFor();
    troubleSeen.resolve();
    await fan.shows('tickets');
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
    await soon(() => fan.page.locator('[data-trouble]').count()).toBe(0);
    await fan.close();
  });

  test('[PAGE-2] [PAGE-5] without a network at paying: said, kept, and gone on with by itself', async () => {
    const fan = await shopUntilPaying(stage);
    await fan.context.setOffline(true);
    await pay(fan);
    await fan.page.locator('[data-trouble="offline"]').waitFor();
    await expectAccessible(fan);
    await fan.context.setOffline(false);
    await fan.shows('tickets');
    await fan.close();
  });

  test('[PAGE-2] tickets given back can be chosen anew', async () => {
    const fan = await stage.visit(`/events/${stadium}`);
    await join(fan);
    await enter(fan);
    await reserve(fan, 6);
    await fan.shows('held');
    await fan.page.getByRole('button', { name: 'Give the tickets back' }).click();
    await fan.shows('shopping');
    await reserve(fan, 6);
    await fan.shows('held');
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-7] a fan loads little: less than 64 kB of script, and no validator in it', async () => {
    const loaded: string[] = [];
    const fan = await stage.visit('/operator');
    // What that page loads late would be counted with the next one's.
    await fan.page.waitForLoadState('networkidle');
    fan.page.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js')) loaded.push(response.url());
    });
    await fan.page.goto(`${stage.sale.gatewayUrl}/events/${stadium}`);
    await fan.shows('event');
    const scripts = await Promise.all(loaded.map(async (url) => (await fetch(url)).text()));
    expect(scripts.length).toBeGreaterThan(0);
    expect(gzipSync(scripts.join('')).length).toBeLessThan(64 * 1_024);
    expect(scripts.join('')).not.toMatch(/ZodError|invalid_type/);
    await fan.close();
  });

  test('[PAGE-7] pages come with a policy that lets nothing in from elsewhere, and carry no inline script or style', async () => {
    for (const path of ['/', `/events/${stadium}`, '/orders/x', '/operator']) {
      const response = await fetch(stage.sale.gatewayUrl + path);
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
      const html = await response.text();
      expect(html).not.toMatch(
        /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|(?:src|href)="(?:https?:|\/\/|data:)/,
      );
    }
  });
});

async function shopUntilPaying(stage: Stage): Promise<Visitor> {
  const fan = await stage.visit(`/events/${stadium}`);
  await join(fan);
  await enter(fan);
  await reserve(fan);
  await fan.shows('held');
  await giveDetails(fan);
  await fan.shows('paying');
  return fan;
}
