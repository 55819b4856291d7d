import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithStripeMock, startStripeMock } from '../../test/stripe-mock.ts';
import type { Charge, Provider } from '../src/payments/provider.ts';
import { stripeClient } from '../src/payments/stripe/client.ts';
import { stripeProvider } from '../src/payments/stripe/provider.ts';

/**
 * The shapes of our requests, judged by Stripe's own description of its API: a parameter that it does not know is refused
 * there. What comes of them the mock cannot say, for it remembers nothing: provider-contract.test.ts and stripe.test.ts do.
 */
describeWithStripeMock("what we ask of Stripe is what Stripe's API takes", () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  let stripe: Stripe;
  let provider: Provider;
  const asked: Array<{ method: string; path: string; key: string | undefined; status: number }> = [];
  beforeAll(async () => {
    mock = await startStripeMock();
    stripe = stripeClient('sk_test_mock', mock.url);
    stripe.on('response', ({ method, path, idempotency_key, status }: Stripe.ResponseEvent) => {
      asked.push({ method, path: path.split('?')[0]!, key: idempotency_key, status });
    });
    provider = stripeProvider(stripe, { publishableKey: 'pk_test_mock', webhookSecrets: [] });
  });
  afterAll(() => mock?.stop());

  test('[PAY-21] [PAY-22] [PAY-24] create, confirm, look, cancel and refund, each under its key; cancelling under a new one each time', async () => {
    const id = randomUUID();
    const charge: Charge = {
      id,
      amountMinor: 250_00,
      currency: 'EUR',
      method: 'pm_card_visa',
      reference: null,
    };
    let reference = '';
    await provider.charge(charge, async (given) => {
      reference = given;
      return given;
    });
    expect(reference).toMatch(/^pi_/);
    await provider.status({ id, reference });
    await provider.cancel({ ...charge, reference }, async (given) => given);
    const refund = randomUUID();
    await provider.refund({ ...charge, reference }, 100_00, refund);
    const intent = `/v1/payment_intents/${reference}`;
    expect(asked).toEqual([
      { method: 'POST', path: '/v1/payment_intents', key: id, status: 200 },
      { method: 'POST', path: `${intent}/confirm`, key: `${id}:confirm`, status: 200 },
      { method: 'GET', path: intent, key: undefined, status: 200 },
      { method: 'POST', path: `${intent}/cancel`, key: expect.not.stringContaining(id), status: 200 },
      { method: 'GET', path: '/v1/refunds', key: undefined, status: 200 },
      { method: 'POST', path: '/v1/refunds', key: refund, status: 200 },
    ]);
  });

  test('[PAY-21] a parameter that Stripe does not have is refused there', async () => {
    const odd = { amount: 100, currency: 'eur', never_heard_of: 'x' } as Stripe.PaymentIntentCreateParams;
    await expect(stripe.paymentIntents.create(odd)).rejects.toBeInstanceOf(
      Stripe.errors.StripeInvalidRequestError,
    );
  });
});
