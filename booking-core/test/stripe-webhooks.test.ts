import { randomUUID } from 'node:crypto';
import type { Problem } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { describe, expect, test } from 'vitest';
import { STRIPE_SIGNATURE } from '../src/payments/stripe/event.ts';
import { stripeSale, WEBHOOK_SECRETS } from './stripe-sale.ts';
import { type Intent, signEvent } from './stripe-stand-in.ts';

const given = stripeSale();
const { card, goesWrong, ordered, takenOf } = given;

describe('what Stripe tells by itself', () => {
  let nth = 0;
  const told = (type: string, intent: Pick<Intent, 'id' | 'metadata'>, extra: object = {}) => ({
    id: `evt_${++nth}_${randomUUID()}`,
    object: 'event',
    type,
    data: { object: { ...intent, ...extra } },
  });
  async function post(
    content: object,
    { secret = WEBHOOK_SECRETS[0]!, atMs = Date.now(), tamper = (text: string) => text, to = 'stripe' } = {},
  ): Promise<[number, Problem['code'] | undefined]> {
    const payload = JSON.stringify(content);
    const header = signEvent(payload, secret, atMs);
    const response = await given.withStripe.core.publicApp.request(`/api/v1/webhooks/${to}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', [STRIPE_SIGNATURE]: header },
      body: tamper(payload),
    });
    const text = await response.text();
    return [response.status, text === '' ? undefined : JSON.parse(text).code];
  }
  /** An order whose card is being worked on, and its intent. */
  async function pending() {
    const it = await ordered();
    goesWrong('confirm', 'lostAfter');
    await it.pay(card('pm_slow'));
    const intent = given.stripe.intents.get((await it.payment()).reference!)!;
    return { ...it, intent };
  }
  const inbox = (payment: string) =>
    given.sale.database.db.selectFrom('webhook_events').selectAll().where('payment', '=', payment).execute();

  test('[PAY-25] [PAY-8] settles a payment without our asking: once, by either secret, found by its metadata or its id', async () => {
    for (const { secret, metadata } of [
      { secret: 'whsec_new', metadata: undefined },
      { secret: 'whsec_old', metadata: {} },
    ]) {
      const it = await pending();
      it.intent.status = 'succeeded';
      const event = told('payment_intent.succeeded', { ...it.intent, ...(metadata && { metadata }) });
      given.stripe.asked.length = 0;
      for (let again = 0; again < 2; again += 1)
        expect(await post(event, { secret })).toEqual([204, undefined]);
      expect(await it.state()).toBe('paid');
      expect(given.stripe.asked).toEqual([]);
      expect(await inbox((await it.payment()).id)).toHaveLength(1);
    }
  });

  test('[PAY-25] out of order, it is not believed against what Stripe says now', async () => {
    const it = await pending();
    it.intent.status = 'succeeded';
    for (const type of ['processing', 'payment_failed', 'canceled', 'succeeded', 'processing']) {
      expect(await post(told(`payment_intent.${type}`, it.intent))).toEqual([204, undefined]);
    }
    expect(await it.state()).toBe('paid');
    const refused = await pending();
    refused.intent.status = 'requires_payment_method';
    refused.intent.last_payment_error = { code: 'card_declined' };
    await post(told('payment_intent.payment_failed', refused.intent));
    expect((await refused.payment()).state).toBe('declined');
  });

  test('[PAY-25] a refund that arrived, a payment that is not ours and events of other kinds change nothing', async () => {
    const it = await ordered();
    await it.pay(card('pm_good'));
    const { id, reference } = await it.payment();
    const refunded = told('charge.refunded', { id: 'ch_1', metadata: {} }, { payment_intent: reference });
    expect(await post(refunded)).toEqual([204, undefined]);
    expect(await inbox(id)).toMatchObject([{ state: 'other', settled_at: expect.any(Date) }]);
    const unknown = randomUUID();
    const theirs = { id: 'pi_theirs', metadata: { onsale_payment: unknown } };
    expect(await post(told('payment_intent.succeeded', theirs))).toEqual([204, undefined]);
    expect(await inbox(unknown)).toMatchObject([{ settled_at: expect.any(Date) }]);
    expect(await post(told('payment_intent.succeeded', { id: 'pi_shop', metadata: {} }))).toEqual([
      204,
      undefined,
    ]);
    expect(await post(told('customer.created', { id: 'cus_1', metadata: {} }))).toEqual([204, undefined]);
    expect(await it.state()).toBe('paid');
    expect(await takenOf(it)).toBe(it.order.totalMinor);
  });

  test('[PAY-25] [PAY-9] forged, changed, too old, or sent to another provider, it is refused and changes nothing', async () => {
    const it = await pending();
    const lie = told('payment_intent.succeeded', it.intent);
    const before = Date.now() - limits.webhookToleranceMs - 2_000;
    const forged = [401, 'webhookForged'];
    expect(await post(lie, { secret: 'whsec_guessed' })).toEqual(forged);
    expect(await post(lie, { tamper: (text) => text.replace('succeeded', 'succeeded ') })).toEqual(forged);
    expect(await post(lie, { atMs: before })).toEqual(forged);
    expect(await post(lie, { to: 'sandbox' })).toEqual(forged);
    expect(await post(lie, { to: 'paypal' })).toEqual([404, 'providerUnknown']);
    expect(await post({ type: 'payment_intent.succeeded' })).toEqual([400, 'malformed']);
    expect((await it.payment()).state).toBe('asked');
    expect(await inbox((await it.payment()).id)).toEqual([]);
  });
});
