import type { OpenAPIHono } from '@hono/zod-openapi';
import { moveStock } from '@onsale/shared/http/operator-stock';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** Tickets that operators take off sale and put back. */
export function addOperatorStock(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(moveStock, async (c) => {
    const { eventId } = c.req.valid('param');
    const key = c.req.valid('header')['idempotency-key'];
    const moved = await needs.core.moveStock(eventId, { ...actorOf(c, needs), key }, c.req.valid('json'));
    needs.wake(eventId, 'slot');
    return c.json(moved, 200, { 'cache-control': 'no-store' });
  });
}
