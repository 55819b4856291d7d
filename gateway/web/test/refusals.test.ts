import { afterAll, beforeAll, expect, test } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import { describeInBrowser } from '../../../test/browser.ts';
import { until } from '../../../test/until.ts';
import { ApiFan } from './api-fan.ts';
import { findOrders } from './find-orders.cases.ts';
import { patienceMs, soon } from './patience.ts';
import type { SmallEvent } from './small-event.ts';
import {
  enter,
  expectAccessible,
  giveDetails,
  join,
  pay,
  reserve,
  type Stage,
  startStage,
  type Visitor,
} from './stage.ts';

/** A slow payment is not there before the test says so. */
const slowPaymentMs = 60_000;
/** Of one network: more than any fan here asks to join or claim. */
const networkRequestsPerMinute = 6;

describeInBrowser('what a fan is told when it does not work', () => {
  let stage: Stage;
  let events = 0;
  let insiders = 0;
  const newEvent = async (options: SmallEvent): Promise<string> => {
    const id = `small-${++events}`;
    await stage.put(id, options);
    return id;
  };
  const insider = (event: string): Promise<ApiFan> =>
    new ApiFan(stage.sale.gatewayUrl, event, ++insiders).enter();
  const inShop = async (event: string): Promise<Visitor> => {
    const fan = await stage.visit(`/events/${event}`);
    await join(fan);
    await enter(fan);
    return fan;
  };
  const refusedAs = async (fan: Visitor, code: string, words: RegExp): Promise<void> => {
    const notice = fan.page.locator(`[data-refusal="${code}"]`);
    await notice.waitFor();
    await soon(() => notice.textContent()).toMatch(words);
    await expectAccessible(fan);
  };

  beforeAll(async () => {
    stage = await startStage({
      SANDBOX_SLOW_MS: String(slowPaymentMs),
      NETWORK_REQUESTS_PER_MINUTE: String(networkRequestsPerMinute),
    });
  });
  afterAll(() => stage?.stop());

  test('[PAGE-5] sold out reaches who waits and who comes, and says what can be done', async () => {
    const event = await newEvent({ units: 2, capacity: 1 });
    const inside = await insider(event);
    const fan = await stage.visit(`/events/${event}`);
    await join(fan);
    await fan.shows('waiting');
    const order = await inside.buy((await inside.hold({ tierId: 'general', quantity: 2 }))!);
    expect(order?.state).toBe('paid');
    await fan.shows('soldOut');
    await expectAccessible(fan);
    const late = await stage.visit(`/events/${event}`);
    await late.page.locator('.notice', { hasText: 'Sold out' }).waitFor();
    await expectAccessible(late);
    for (const one of [fan, late]) await one.close();
  });

  test('[PAGE-5] [PAGE-9] fewer than wanted, and more than one buyer may: said with the numbers', async () => {
    const event = await newEvent({ units: 3, limit: 2 });
    const [fan, other] = [await inShop(event), await insider(event)];
    expect(await other.hold({ tierId: 'general', quantity: 2 })).not.toBeNull();
    await reserve(fan, 2);
    await refusedAs(
      fan,
      'notEnough',
      /Only 1 left, you asked for 2\.2 more are in other fans’ baskets and may come back/,
    );
    await fan.page.getByRole('button', { name: 'Take 1 ticket' }).click();
    await fan.shows('held');
    await fan.close();
  });

  test('[PAGE-5] a reservation that runs out is said, and the fan chooses again', async () => {
    const event = await newEvent({ units: 5, holdTtlMs: 2_000 });
    const fan = await inShop(event);
    await reserve(fan);
    await fan.shows('holdExpired');
    expect(await fan.shown()).toContain('held');
    await expectAccessible(fan);
    await fan.page.reload();
    await fan.shows('holdExpired');
    await stage.setEvent(event, { holdTtlMs: 600_000 });
    await fan.page.getByRole('button', { name: 'Choose again' }).click();
    await reserve(fan);
    await fan.shows('held');
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-5] time in the shop that runs out is said, and the fan may join again', async () => {
    const event = await newEvent({ units: 5 });
    await stage.setRoom(event, { sessionTtlMs: 2_000 });
    const fan = await stage.visit(`/events/${event}`);
    await join(fan);
    await enter(fan, 'sessionExpired');
    expect(await fan.shown()).toContain('shopping');
    await expectAccessible(fan);
    await fan.page.reload();
    await fan.shows('sessionExpired');
    await stage.setRoom(event, { sessionTtlMs: 600_000 });
    await fan.page.getByRole('button', { name: 'Get in line again' }).click();
    await enter(fan);
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-5] a declined payment leaves the tickets reserved; another card pays them', async () => {
    const event = await newEvent({ units: 5 });
    const fan = await inShop(event);
    await reserve(fan);
    await fan.shows('held');
    await giveDetails(fan);
    await fan.shows('paying');
    await pay(fan, 'Decline');
    await fan.shows('declined');
    await expectAccessible(fan);
    await pay(fan);
    await fan.shows('tickets');
    await fan.close();
  });

  test('[PAGE-5] a gateway that is away is said, and the page goes on where it was when it is back', async () => {
    const event = await newEvent({ units: 5 });
    const fan = await inShop(event);
    const gateway = Object.keys(stage.sale.healthUrls).find((name) => name.startsWith('gateway'))!;
    await stage.sale.kill(gateway, 'SIGKILL');
    await reserve(fan);
    await fan.page.locator('[data-trouble]').waitFor();
    await expectAccessible(fan);
    await stage.sale.restart(gateway);
    await fan.shows('held');
    await fan.close();
  });

  test('[PAGE-5] a booking core that is away is said too', async () => {
    const event = await newEvent({ units: 5 });
    const fan = await inShop(event);
    await stage.sale.kill('core', 'SIGKILL');
    await reserve(fan);
    await fan.page.locator('[data-trouble="away"]').waitFor();
    await expectAccessible(fan);
    await stage.sale.restart('core');
    await fan.shows('held');
    await fan.close();
  });

  test('[PAGE-5] too many requests of one network: said, with when it goes on', async () => {
    const event = await newEvent({ units: 5 });
    const fan = await stage.visit(`/events/${event}`);
    const address = '10.99.0.1';
    await fan.context.setExtraHTTPHeaders({ 'x-forwarded-for': address });
    const line = `${stage.sale.gatewayUrl}/api/v1/events/${event}/line`;
    const headers = { 'x-forwarded-for': address };
    for (let asked = 0; asked < networkRequestsPerMinute; asked++)
      await fetch(line, { method: 'POST', headers });
    await join(fan);
    const trouble = fan.page.locator('[data-trouble="tooMany"]');
    await trouble.waitFor();
    await expectAccessible(fan);
    await fan.close();
  });

  test('[PAGE-5] what is not there is said', async () => {
    const fan = await stage.visit('/events/no-such-night');
    await fan.shows('eventUnknown');
    await expectAccessible(fan);
    await fan.page.goto(`${stage.sale.gatewayUrl}/orders/00000000-0000-4000-8000-000000000000#forged`);
    await fan.shows('orderUnknown');
    await expectAccessible(fan);
    await fan.close();
  });

  findOrders(() => stage, networkRequestsPerMinute);

  // The last of these: the clock of the sale is not put back.
  test('[PAGE-5] [PAGE-2] money that comes after the tickets went is refunded, and said so, also after a reload', async () => {
    const event = await newEvent({ units: 3, limit: 3, holdTtlMs: 300_000 });
    const [fan, other] = [await inShop(event), await insider(event)];
    await reserve(fan, 3);
    await fan.shows('held');
    await giveDetails(fan);
    await fan.shows('paying');
    await pay(fan, 'Unstoppable');
    await fan.page.getByText('Paying. Please stay on this page.').waitFor();
    // Meanwhile the hold runs out, by the clock that it is judged by.
    const inDatabase = (query: string) => onServer(stage.sale.databaseUrl, (client) => client.query(query));
    await inDatabase("INSERT INTO sale_clock_offset (offset_by) VALUES ('301 seconds')");
    await until(() => other.hold({ tierId: 'general', quantity: 1 }), {
      what: 'the ticket back on sale',
      withinMs: patienceMs,
    });
    // The provider has the money now.
    await inDatabase('UPDATE sandbox_charges SET capture_at = clock_timestamp()');
    await fan.shows('refunded');
    await expectAccessible(fan);
    await fan.page.reload();
    await fan.shows('refunded');
    await fan.close();
  });
});
