import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { Uuid } from '../ids.ts';
import { refusals } from './common.ts';

/** A webhook of the sandbox provider. Those of other providers have their own form, which they alone know. */
export const WebhookEvent = z
  .object({
    eventId: Uuid,
    chargeId: Uuid,
    state: z.enum(['pending', 'captured', 'declined', 'cancelled']),
  })
  .strict();

/** The body has no schema here: its signature is over the bytes, so they are read as they came. */
export const receiveWebhook = createRoute({
  method: 'post',
  path: '/api/v1/webhooks/{provider}',
  operationId: 'receiveWebhook',
  summary: "A payment provider's word about one of its charges",
  description: 'Signed by the provider. Taken once for each of its events, however often it is sent.',
  request: { params: z.object({ provider: z.string().regex(/^[a-z]{1,20}$/) }) },
  responses: {
    204: { description: 'Taken' },
    ...refusals('providerUnknown', 'webhookForged', 'mediaType', 'bodyTooLarge'),
  },
});
