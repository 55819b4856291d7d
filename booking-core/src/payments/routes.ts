import type { OpenAPIHono } from '@hono/zod-openapi';
import { getPaymentOptions } from '@onsale/shared/http/payment-options';
import { receiveWebhook } from '@onsale/shared/http/webhooks';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Payments } from './payments.ts';

/** What the page is told of paying, and where providers tell us what became of a charge: who they are, their signature says. */
export function addPaymentRoutes(app: OpenAPIHono<AppEnv>, payments: Payments): void {
  app.openapi(getPaymentOptions, (c) => c.json(payments.offer, 200));

  app.openapi(receiveWebhook, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    await payments.receive(c.req.valid('param').provider, c.req.raw.headers, bytes);
    return c.body(null, 204);
  });
}
