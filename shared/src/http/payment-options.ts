import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { json, refusals } from './common.ts';

/** How this installation is paid. With `stripe` a card is entered into Stripe's own frame, which needs the key. */
export const PaymentOptions = z
  .discriminatedUnion('provider', [
    z.strictObject({ provider: z.literal('sandbox') }),
    z.strictObject({ provider: z.literal('stripe'), stripePublishableKey: z.string() }),
  ])
  .meta({ id: 'PaymentOptions' });
export type PaymentOptions = z.infer<typeof PaymentOptions>;

export const getPaymentOptions = createRoute({
  method: 'get',
  path: '/api/v1/payment-options',
  operationId: 'getPaymentOptions',
  summary: 'Who takes the money here',
  responses: { 200: json(PaymentOptions, 'The provider of new payments'), ...refusals() },
});
