import { gzipSync } from 'node:zlib';
import type { Order } from '@onsale/shared/http/orders';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { ApiFan } from './api-fan.ts';
import { soon } from './patience.ts';
import type { SmallEvent } from './small-event.ts';
import {
  desktop,
  enter,
  expectAccessible,
  giveDetails,
  join,
  pay,
  type Stage,
  startStage,
  type Visitor,
} from './stage.ts';

/** As small as phones are. */
const small = { width: 360, height: 740 };

describeInBrowser('choosing tickets in a browser', () => {
  let stage: Stage;
  let events = 0;
  let insiders = 0;
  const newEvent = async (options: SmallEvent): Promise<string> => {
    const id = `choice-${++events}`;
    await stage.put(id, options);
    return id;
  };
  const insider = (event: string): Promise<ApiFan> =>
    new ApiFan(stage.sale.gatewayUrl, event, ++insiders).enter();
  const inShop = async (event: string, viewport = small): Promise<Visitor> => {
    const fan = await stage.visit(`/events/${event}`, viewport);
    await join(fan);
    await enter(fan);
    return fan;
  };
  const reserve = ({ page }: Visitor): Promise<void> =>
    page.getByRole('button', { name: /^Reserve/ }).click();
  const more = async ({ page }: Visitor, times: number): Promise<void> => {
    for (let n = 0; n < times; n++) await page.getByRole('button', { name: 'One ticket more' }).click();
  };

  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage?.stop());

  test.each([
    ['phone', small],
    ['desktop', desktop],
  ])(
    '[PAGE-8] [PAGE-10] two fight for one seat at %s size: the loser is told which, picks another, pays, and sits there',
    async (_, viewport) => {
      const event = await newEvent({ seated: { sections: 2, seats: 8 }, limit: 4 });
      const [winner, loser] = [await inShop(event, viewport), await inShop(event, viewport)];
      for (const fan of [winner, loser]) {
        await openSection(fan, 'Stalls 1');
        await expectAccessible(fan);
      }
      // The loser looks at a map that is not read again, as between two readings.
      await loser.page.route('**/sections/**', (route) => route.abort());
      await press(loser, 'A', 3, 4, 5);
      await press(winner, 'A', 4);
      await reserve(winner);
      await winner.shows('held');
      await reserve(loser);

      const notice = loser.page.locator('[data-lost]');
      await notice.waitFor();
      expect(await notice.textContent()).toMatch(/Section Stalls 1, row A, seat 4/);
      expect(await notice.textContent()).not.toMatch(/seat [35]/);
      expect(await notice.textContent()).toMatch(/Your other 2 seats are still chosen/);
      await seat(loser, 'A', 4, 'taken').waitFor();
      await seat(loser, 'A', 5, 'chosen').waitFor();
      await expectAccessible(loser);
      await loser.page.unroute('**/sections/**');
      await press(loser, 'B', 3);
      await notice.waitFor({ state: 'detached' });
      await expectAccessible(loser);
      // Face 50.00 and fee 5.00, 10 % tax on both: 60.50 each is what is shown first.
      await loser.page.getByRole('button', { name: /^Reserve 3 tickets.*\$181\.50/ }).waitFor();
      await reserve(loser);
      await loser.shows('held');
      const basket = (await loser.page.locator('.basket').textContent())!;
      for (const part of ['$60.50', '$150.00', '$15.00', '$16.50', '$181.50']) expect(basket).toContain(part);
      await expectAccessible(loser);
      await giveDetails(loser);
      await loser.shows('paying');
      await pay(loser);
      await loser.shows('tickets');
      await loser.page.locator('.qr').nth(2).waitFor();
      expect((await loser.page.locator('.issued-place').allTextContents()).sort()).toEqual([
        'Section Stalls 1, row A, seat 3',
        'Section Stalls 1, row A, seat 5',
        'Section Stalls 1, row B, seat 3',
      ]);
      await expectAccessible(loser);
      expect(winner.faults).toEqual([]);
      for (const fan of [winner, loser]) await fan.close();
    },
  );

  test('[PAGE-8] by keyboard alone, and with every state told in words and shape; a map that is looked at follows the sale', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6 }, limit: 2 });
    const [fan, other] = [await inShop(event), await insider(event)];
    const ids = await openSection(fan, 'Stalls 1');
    await other.buy((await other.hold({ seats: [ids[1]!] }))!);
    await other.hold({ seats: [ids[2]!] });
    await seat(fan, 'A', 2, 'taken').waitFor();
    await seat(fan, 'A', 3, 'in another basket').waitFor();
    await soon(() => fan.page.locator('button.seat:has(svg)').count()).toBe(2);

    const { page } = fan;
    await seat(fan, 'A', 1).focus();
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement!.getAttribute('aria-label'));
    await page.keyboard.press('ArrowRight');
    await soon(focused).toMatch(/^Row A, seat 2, taken/);
    await page.keyboard.press('Enter');
    await page.getByText('That seat is taken.').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowDown');
    await soon(focused).toMatch(/^Row B, seat 6, free, \$60\.50/);
    await page.keyboard.press('Space');
    await soon(focused).toMatch(/^Row B, seat 6, chosen/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await soon(focused).toMatch(/^Row B, seat 5, chosen/);
    // One seat is in the tab order; the next stop is what was chosen, then the button.
    await page.keyboard.press('Tab');
    await soon(() => page.evaluate(() => document.activeElement!.className)).toBe('chip');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowUp');
    await soon(focused).toMatch(/^Row A, seat 5, free/);
    await page.keyboard.press('Enter');
    await page.getByText('as many as one buyer may').waitFor();
    await page.reload();
    await fan.shows('shopping');
    // The map with what was chosen on it is loaded anew.
    await soon(() => page.locator('.chip').count()).toBe(2);
    await reserve(fan);
    await fan.shows('held');
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-8] wheelchair spaces by the fan’s own word, on the map and by best available, with the seat beside', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6, accessible: 1 }, limit: 4 });
    const fan = await inShop(event);
    await openSection(fan, 'Stalls 1');
    const { page } = fan;
    await seat(fan, 'B', 2).click();
    await page.getByText('kept for fans who use a wheelchair').waitFor();
    await page.getByRole('checkbox', { name: 'Somebody in my group uses a wheelchair' }).check();
    await seat(fan, 'B', 1).click();
    await page.getByText('choose the wheelchair space first').waitFor();
    await press(fan, 'B', 2, 1);
    await expectAccessible(fan);
    await reserve(fan);
    await fan.shows('held');
    await page.getByRole('button', { name: 'Give the tickets back' }).click();
    await fan.shows('shopping');
    await more(fan, 1);
    await page.getByLabel('Wheelchair spaces').selectOption('1');
    await reserve(fan);
    await fan.shows('held');
    expect((await page.locator('.basket li').allTextContents()).join()).toMatch(
      /row B, seat [123].*row B, seat [234]/,
    );
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-9] not beside each other: fewer together, or all apart; a price cap is kept', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6 }, limit: 8 });
    const fan = await inShop(event);
    const { page } = fan;
    await page.getByLabel('At most, each').selectOption({ label: '$20.00' });
    await more(fan, 7);
    await reserve(fan);
    await page.locator('[data-refusal="notTogether"]').waitFor();
    await expectAccessible(fan);
    await page.getByRole('button', { name: 'Take 6 together' }).click();
    await fan.shows('held');
    expect(await page.locator('.basket li', { hasText: /Balcony 1, row A/ }).count()).toBe(6);
    await page.getByRole('button', { name: 'Give the tickets back' }).click();
    await fan.shows('shopping');
    await page.getByLabel('At most, each').selectOption({ label: '$20.00' });
    await more(fan, 7);
    await reserve(fan);
    await page.getByRole('button', { name: 'Take 8 apart' }).click();
    await fan.shows('held');
    expect(await page.locator('.basket li', { hasText: /Balcony 1/ }).count()).toBe(8);
    await fan.close();
  });

  test('[PAGE-8] without a network the map says so and goes on by itself; seats that are lost meanwhile are named', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6 }, limit: 4 });
    const [fan, other] = [await inShop(event), await insider(event)];
    await fan.context.setOffline(true);
    await fan.page.getByRole('radio', { name: 'Pick seats' }).check();
    await fan.page.getByText('The seats could not be loaded').waitFor();
    await expectAccessible(fan);
    await fan.context.setOffline(false);
    await fan.page.getByRole('button', { name: 'Try again' }).click();
    const ids = await openSection(fan, 'Stalls 1');
    await press(fan, 'A', 1, 2);
    await fan.context.setOffline(true);
    await fan.page.locator('[data-trouble="offline"]').waitFor();
    await expectAccessible(fan);
    await other.hold({ seats: [ids[0]!] });
    await fan.context.setOffline(false);
    await fan.page.locator('[data-lost]', { hasText: 'row A, seat 1' }).waitFor();
    await expectAccessible(fan);
    await fan.close();
  });

  test('[PAGE-11] little time left: more of it once, said when it is given, kindly when it was given before', async () => {
    // More time is offered when half of it is left, or less.
    const event = await newEvent({ units: 5, holdTtlMs: 30_000 });
    const fan = await inShop(event);
    const { page } = fan;
    const hold = async (): Promise<void> => {
      await page.locator('.choice input').first().check();
      await reserve(fan);
      await fan.shows('held');
    };
    await hold();
    const offered = page.locator('[data-more-time="offered"]');
    expect(await offered.count()).toBe(0);
    await offered.waitFor();
    await expectAccessible(fan);
    await page.getByRole('button', { name: 'Give me more time' }).click();
    await page.locator('[data-more-time="given"]').waitFor();
    await page.reload();
    await page.locator('[data-more-time="given"]').waitFor();
    await page.getByRole('button', { name: 'Give the tickets back' }).click();
    await fan.shows('shopping');
    // Another browser of the same fan would not know; this one is made to forget.
    await page.evaluate((key) => {
      const kept = JSON.parse(localStorage.getItem(key)!);
      localStorage.setItem(key, JSON.stringify({ ...kept, extension: null }));
    }, `onsale:${event}`);
    await page.reload();
    await fan.shows('shopping');
    await hold();
    await page.getByRole('button', { name: 'Give me more time' }).click();
    await page.locator('[data-refusal="extensionSpent"]').waitFor();
    await expectAccessible(fan);
    await soon(() => offered.count()).toBe(0);
    await fan.close();
  });

  test('[PAGE-12] [PAGE-10] an order given back on its page, where the event allows it; printed it is a ticket a page', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6 }, limit: 4 });
    const fan = await inShop(event, desktop);
    const { page } = fan;
    await more(fan, 1);
    await reserve(fan);
    await fan.shows('held');
    await giveDetails(fan);
    await fan.shows('paying');
    await pay(fan);
    await fan.shows('tickets');
    const address = await page.getByRole('link', { name: 'Address of your tickets' }).getAttribute('href');
    await page.goto(stage.sale.gatewayUrl + address);
    await page.locator('.qr').nth(1).waitFor();
    await page.locator('.event-header').waitFor();
    const giveBack = page.getByRole('button', { name: 'Give the tickets back' });
    expect(await giveBack.count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await page.locator('.basket').waitFor({ state: 'hidden' });
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
    await page.emulateMedia({ media: 'screen' });

    await stage.setEvent(event, { cancelUntilMs: Date.now() + 86_400_000 });
    await refundOne(stage, address!);
    await page.reload();
    await page.getByText('Some tickets of this order were given back').waitFor();
    await soon(() => page.locator('.qr').count()).toBe(1);
    await soon(() => page.locator('.refunded').textContent()).toBe('Refunded-$60.50');
    await expectAccessible(fan);
    await giveBack.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give the tickets back' }).click();
    await fan.shows('cancelled');
    await soon(() => page.locator('.refunded').textContent()).toBe('Refunded-$121.00');
    await expectAccessible(fan);
    expect(await page.getByRole('link', { name: 'Find my orders' }).getAttribute('href')).toBe('/orders');
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-13] the seat map is loaded when it is asked for, and not before', async () => {
    const event = await newEvent({ seated: { sections: 1, seats: 6 } });
    const scripts: string[] = [];
    const fan = await stage.visit('/operator');
    // What that page loads late would be counted with the next one's.
    await fan.page.waitForLoadState('networkidle');
    fan.page.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response.url());
    });
    await fan.page.goto(`${stage.sale.gatewayUrl}/events/${event}`);
    await fan.shows('event');
    await join(fan);
    await enter(fan);
    const text = async (): Promise<string> =>
      (await Promise.all(scripts.map(async (url) => (await fetch(url)).text()))).join('');
    expect(gzipSync(await text()).length).toBeLessThan(64 * 1_024);
    expect(await text()).not.toContain('Stage this way');
    await openSection(fan, 'Stalls 1');
    await soon(text).toContain('Stage this way');
    await fan.close();
  });
});

/** The operator gives back the first ticket of the order that this address opens. */
async function refundOne({ sale }: Stage, address: string): Promise<void> {
  const [path, token] = address.split('#');
  const ask = async (method: string, to: string, bearer: string, body?: object): Promise<Response> => {
    const response = await fetch(`${sale.gatewayUrl}/api/v1${to}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        'idempotency-key': 'refund-one',
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(200);
    return response;
  };
  const order = (await (await ask('GET', path!, token!)).json()) as Order;
  const refund = { tickets: [order.tickets[0]!.ticketId], why: 'One friend fewer' };
  await ask('POST', `/operator${path}/refunds`, sale.operatorToken, refund);
}

const seat = ({ page }: Visitor, row: string, number: number, words = '') =>
  page.getByRole('button', { name: new RegExp(`^Row ${row}, seat ${number},.*${words}`) });

async function press(fan: Visitor, row: string, ...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    await seat(fan, row, number).click();
    await seat(fan, row, number, 'chosen').waitFor();
  }
}

/** @returns the ids of its seats, row by row. */
async function openSection({ page }: Visitor, section: string): Promise<number[]> {
  await page.getByRole('radio', { name: 'Pick seats' }).check();
  await page.getByRole('button', { name: new RegExp(`^${section}\\b`) }).click();
  await page.locator('button.seat').first().waitFor();
  return page
    .locator('button.seat')
    .evaluateAll((seats) => seats.map((one) => Number(one.getAttribute('data-ticket'))));
}
