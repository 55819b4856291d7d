import type { OpenAPIHono } from '@hono/zod-openapi';
import { receiveWebhook } from '@onsale/shared/http/webhooks';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Payments } from './payments.ts';

/** Where providers tell us what became of a charge. Who they are, their signature says. */
export function addWebhookRoutes(app: OpenAPIHono<AppEnv>, payments: Payments): void {
  app.openapi(receiveWebhook, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    await payments.receive(c.req.valid('param').provider, c.req.raw.headers, bytes);
    return c.body(null, 204);
  });
}
