import { ConfigError, readConfig } from '@onsale/shared/config';
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { paymentOptions } from '../src/payments/open.ts';
import { stripeAmount } from '../src/payments/stripe/amount.ts';
import { stateOf } from '../src/payments/stripe/state.ts';
import { SECRET_KEY } from './stripe-stand-in.ts';

describe('what is ours and what is theirs', () => {
  test('[PAY-26] every state of an intent is one of a charge', () => {
    const of = (status: string, failed = false) =>
      stateOf({ status, last_payment_error: failed ? {} : null } as Stripe.PaymentIntent);
    expect({
      new: of('requires_payment_method'),
      refused: of('requires_payment_method', true),
      requires_confirmation: of('requires_confirmation'),
      requires_action: of('requires_action'),
      processing: of('processing'),
      requires_capture: of('requires_capture'),
      succeeded: of('succeeded'),
      canceled: of('canceled'),
      notThoughtOfYet: of('something_new'),
    }).toEqual({
      new: 'unknown',
      refused: 'declined',
      requires_confirmation: 'unknown',
      requires_action: 'pending',
      processing: 'pending',
      requires_capture: 'pending',
      succeeded: 'captured',
      canceled: 'cancelled',
      notThoughtOfYet: 'pending',
    });
  });

  test('[PAY-29] amounts are Stripe’s, whatever decimals the currency has; one that cannot be told is not guessed', () => {
    expect(
      ['USD', 'JPY', 'KRW', 'ISK', 'UGX', 'MGA', 'KWD'].map((currency) => stripeAmount(500, currency)),
    ).toEqual([500, 500, 500, 500_00, 500_00, 5, 500]);
    expect(() => stripeAmount(505, 'KWD')).toThrow(RangeError);
    expect(() => stripeAmount(550, 'MGA')).toThrow(RangeError);
  });

  test('[PAY-28] [API-9] with Stripe chosen and its keys missing or odd, a process does not start, and says which', () => {
    const env = { PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: SECRET_KEY };
    const names = paymentOptions.filter((name) => name.startsWith('STRIPE') || name === 'PAYMENT_PROVIDER');
    const fault = (more: Record<string, string>): string => {
      try {
        readConfig({ ...env, ...more }, names);
        return '';
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return (error as Error).message;
      }
    };
    expect(fault({})).toMatch(/STRIPE_WEBHOOK_SECRET: missing.*STRIPE_PUBLISHABLE_KEY: missing/s);
    expect(fault({ STRIPE_SECRET_KEY: '' })).toMatch(/STRIPE_SECRET_KEY: missing/);
    const odd = fault({ STRIPE_SECRET_KEY: 'hunter2', STRIPE_API_URL: 'http://given.stripe.example' });
    expect(odd).toMatch(/STRIPE_SECRET_KEY: sk_test_/);
    expect(odd).toMatch(/STRIPE_API_URL: https/);
    expect(odd).not.toContain('hunter2');
    expect(readConfig({}, names)).toMatchObject({ PAYMENT_PROVIDER: 'sandbox' });
  });
});
