import type { OpenAPIHono } from '@hono/zod-openapi';
import { createComp } from '@onsale/shared/http/operator-comps';
import { listOperatorHolds, releaseOperatorHold } from '@onsale/shared/http/operator-holds';
import { moveStock } from '@onsale/shared/http/operator-stock';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** Tickets that operators take off sale, put back, give away, and take out of baskets. */
export function addOperatorStock(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(moveStock, async (c) => {
    const { eventId } = c.req.valid('param');
    const key = c.req.valid('header')['idempotency-key'];
    const moved = await needs.core.moveStock(eventId, { ...actorOf(c, needs), key }, c.req.valid('json'));
    needs.wake(eventId, 'slot');
    return c.json(moved, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(createComp, async (c) => {
    const { eventId } = c.req.valid('param');
    const key = c.req.valid('header')['idempotency-key'];
    const comp = await needs.core.createComp(eventId, { ...actorOf(c, needs), key }, c.req.valid('json'));
    return c.json(comp, 201, { 'cache-control': 'no-store' });
  });

  app.openapi(listOperatorHolds, async (c) =>
    c.json(await needs.core.holds(c.req.valid('query')), 200, { 'cache-control': 'no-store' }),
  );

  app.openapi(releaseOperatorHold, async (c) => {
    const { why } = c.req.valid('json');
    const { eventId } = await needs.core.releaseHold(c.req.valid('param').holdId, actorOf(c, needs), why);
    needs.wake(eventId, 'slot');
    return c.body(null, 204);
  });
}
