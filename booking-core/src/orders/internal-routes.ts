import type { OpenAPIHono } from '@hono/zod-openapi';
import { cancelEvent as cancelEventRoute, refundOrder as refundRoute } from '@onsale/shared/http/refunds';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import type { Payments } from '../payments/payments.ts';
import { cancelEvent } from './cancel-event.ts';
import { readRefunded, refundOrder } from './refund.ts';

export interface RefundParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly payments: Payments;
}

/** What operators do with orders. Behind the service token, which is asked for before: everything below /internal is. */
export function addRefundRoutes(
  app: OpenAPIHono<AppEnv>,
  { database, catalog, payments }: RefundParts,
): void {
  app.openapi(refundRoute, async (c) => {
    const { orderId } = c.req.valid('param');
    const { key, refund, ...actor } = c.req.valid('json');
    await database.retrying(() =>
      refundOrder(database.db, { ...refund, orderId, key, became: 'refunded' }, actor),
    );
    await payments.refund(orderId);
    return c.json(await readRefunded(database, orderId), 200);
  });

  app.openapi(cancelEventRoute, async (c) => {
    const { cancellation, ...actor } = c.req.valid('json');
    const cancelled = await cancelEvent(database, c.req.valid('param').eventId, cancellation, actor);
    catalog.forget();
    return c.json(cancelled, 200);
  });
}
