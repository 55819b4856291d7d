import type { OpenAPIHono } from '@hono/zod-openapi';
import { getOperatorOrder, searchOperatorOrders } from '@onsale/shared/http/operator-orders';
import { cancelOperatorEvent, refundOperatorOrder } from '@onsale/shared/http/refunds';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** What operators do with orders. Call after the operators' rooms: their check of the token stands before these too. */
export function addOperatorOrders(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core, line, rooms, wake } = needs;

  app.openapi(searchOperatorOrders, async (c) => {
    const found = await core.searchOrders(c.req.valid('json'), actorOf(c, needs));
    return c.json(found, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(getOperatorOrder, async (c) => {
    const order = await core.lookAtOrder(c.req.valid('param').orderId, actorOf(c, needs));
    return c.json(order, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(refundOperatorOrder, async (c) => {
    const key = c.req.valid('header')['idempotency-key'];
    const { orderId } = c.req.valid('param');
    const refunded = await core.refundOrder(orderId, actorOf(c, needs), key, c.req.valid('json'));
    return c.json(refunded, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(cancelOperatorEvent, async (c) => {
    const { eventId } = c.req.valid('param');
    const cancelled = await core.cancelEvent(eventId, actorOf(c, needs), c.req.valid('json'));
    // The doors are closed; without Redis nobody is admitted either, and the worker brings the copy when it is back.
    await core
      .room(eventId)
      .then((policy) => line.putRoom(policy))
      .catch(() => {});
    rooms.forget(eventId);
    wake(eventId, 'slot');
    return c.json(cancelled, 200, { 'cache-control': 'no-store' });
  });
}
