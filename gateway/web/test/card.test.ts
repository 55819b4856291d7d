import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  SECRET_KEY,
  type StripeStandIn,
  signEvent,
  startStripe,
} from '../../../booking-core/test/stripe-stand-in.ts';
import { describeInBrowser } from '../../../test/browser.ts';
import { until } from '../../../test/until.ts';
import { atDesk } from './desk.ts';
import { patienceMs, soon } from './patience.ts';
import {
  desktop,
  enter,
  expectAccessible,
  giveDetails,
  join,
  pay,
  phone,
  reserve,
  type Stage,
  startStage,
} from './stage.ts';

const event = 'club-night';
const WEBHOOK_SECRET = 'whsec_door';

/** Runs in the page in place of Stripe.js: its frame is a frame from Stripe's host, and a card is what the test says it is. */
function standInForStripeJs(): void {
  const page = window as unknown as { card: string; Stripe: unknown };
  page.card = 'pm_declined';
  page.Stripe = (key: string) => ({
    elements: () => ({
      create: () => {
        const frame = document.createElement('iframe');
        frame.title = `Card field of ${key}`;
        frame.src = 'https://js.stripe.com/frame.html';
        return {
          mount: (into: HTMLElement) => into.append(frame),
          destroy: () => frame.remove(),
          on: (happens: string, heard: () => void) => {
            if (happens === 'ready') frame.addEventListener('load', heard);
          },
        };
      },
    }),
    createPaymentMethod: async () =>
      page.card === '' ? { error: { message: 'No card here.' } } : { paymentMethod: { id: page.card } },
  });
}

/** There is no way to Stripe from a test: what is shown is our page under its real policy, with Stripe.js replaced. */
describeInBrowser('paying by card in a browser', () => {
  let stripe: StripeStandIn;
  let stage: Stage;
  beforeAll(async () => {
    stripe = await startStripe();
    stage = await startStage(
      {
        PAYMENT_PROVIDER: 'stripe',
        STRIPE_SECRET_KEY: SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
        STRIPE_PUBLISHABLE_KEY: 'pk_test_door',
        STRIPE_API_URL: stripe.url,
      },
      { seeded: true },
    );
    await stage.setRoom(event, { open: true, paused: false, ratePerMinute: 60_000, capacity: 1_000 });
  });
  afterAll(async () => {
    await stage?.stop();
    await stripe?.close();
  });

  test('[PAY-28] [PAGE-7] Stripe.js comes late and then at once, a card is refused, another one buys the tickets', async () => {
    const fan = await stage.visit(`/events/${event}`);
    let there = false;
    await fan.context.route('https://js.stripe.com/**', (route) => {
      if (!there) return route.abort();
      const isFrame = route.request().url().endsWith('frame.html');
      return isFrame
        ? route.fulfill({
            contentType: 'text/html',
            body: '<!doctype html><html lang="en"><title>Card</title>',
          })
        : route.fulfill({ contentType: 'text/javascript', body: `(${standInForStripeJs})()` });
    });
    const { page } = fan;
    await join(fan);
    await enter(fan);
    await reserve(fan, 2);
    await fan.shows('held');
    await giveDetails(fan);
    await fan.shows('paying');
    const payButton = page.getByRole('button', { name: /^Pay/ });
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await soon(() => payButton.isDisabled()).toBe(true);
    there = true;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTitle('Card field of pk_test_door').waitFor();
    const payWith = async (card: string): Promise<void> => {
      await page.evaluate((one) => Object.assign(window, { card: one }), card);
      await payButton.click();
    };
    // The field that comes moves the button: a click may miss it, as a person's may, and is made again.
    const noCard = page.getByText('No card here.');
    await until(
      async () => {
        await payWith('');
        return noCard.waitFor({ timeout: 1_000 }).then(
          () => true,
          () => false,
        );
      },
      { what: 'the card is missed', withinMs: patienceMs },
    );
    await expectAccessible(fan);
    await payWith('pm_declined');
    await fan.shows('declined');
    await payWith('pm_good');
    await fan.shows('tickets');
    const intents = [...stripe.intents.values()].map(({ status }) => status);
    expect(intents).toEqual(['requires_payment_method', 'succeeded']);
    // What was meant to fail; and the stage's own recorder, which runs in Stripe's frame too, where it may keep nothing.
    const meant = /https:\/\/js\.stripe\.com\/|answer 402|status of 402|ERR_FAILED|'sessionStorage'/;
    const strays = fan.faults.filter((fault) => !meant.test(fault));
    expect(strays).toEqual([]);
    await fan.close();
  });

  test('[PAY-25] Stripe’s signature comes through the front door, over the bytes as they were sent', async () => {
    const post = async (secret: string): Promise<number> => {
      const object = { id: 'pi_elsewhere', metadata: { onsale_payment: randomUUID() } };
      const told = { id: `evt_${randomUUID()}`, type: 'payment_intent.succeeded', data: { object } };
      const payload = JSON.stringify(told, null, 2);
      const answer = await fetch(`${stage.sale.gatewayUrl}/api/v1/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signEvent(payload, secret),
        },
        body: payload,
      });
      return answer.status;
    };
    expect(await post(WEBHOOK_SECRET)).toBe(204);
    expect(await post('whsec_guessed')).toBe(401);
  });

  test.each([
    ['phone', phone],
    ['desktop', desktop],
  ])(
    '[RUN-50] [RUN-51] [PAGE-7] at %s size a rehearsal says that no money is taken, and is bought without a card; the desk knows it',
    async (size, viewport) => {
      const rehearsal = `rehearsal-${size}`;
      const before = stripe.asked.length;
      await stage.rehearse({ eventId: rehearsal, name: `The club on a ${size}`, like: event });
      const fan = await stage.visit(`/events/${rehearsal}`, viewport);
      const says = () => fan.page.getByText('Rehearsal: no money is taken').waitFor();
      await fan.shows('event');
      await says();
      await expectAccessible(fan);
      await join(fan);
      await enter(fan);
      await says();
      await reserve(fan, 1);
      await giveDetails(fan);
      await fan.shows('paying');
      await says();
      await pay(fan);
      await fan.shows('tickets');
      await says();
      await expectAccessible(fan);
      const link = await fan.page.getByRole('link', { name: 'Address of your tickets' }).getAttribute('href');
      await fan.page.goto(stage.sale.gatewayUrl + link);
      await says();
      await fan.page.goto(`${stage.sale.gatewayUrl}/`);
      await fan.page.locator('.event-card').first().waitFor();
      await soon(() => fan.page.locator(`a[href="/events/${rehearsal}"]`).count()).toBe(0);
      expect(fan.faults).toEqual([]);
      await fan.close();
      expect(stripe.asked.slice(before)).toEqual([]);

      const desk = await atDesk(stage, { event: rehearsal, viewport });
      await desk.page.getByRole('heading', { name: `The club on a ${size}` }).waitFor();
      await desk.page
        .locator('.room-head .badge', { hasText: /^Rehearsal$/ })
        .first()
        .waitFor();
      await expectAccessible(desk);
      await desk.close();
    },
  );
});
