import type { OpenAPIHono } from '@hono/zod-openapi';
import { createOrder as createRoute, getOrder, listTickets, payOrder } from '@onsale/shared/http/orders';
import { cancelOrder as cancelRoute } from '@onsale/shared/http/refunds';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Database } from '../db/database.ts';
import type { Payments } from '../payments/payments.ts';
import { requireToken } from '../service/rights.ts';
import { cancelOrder } from './cancel.ts';
import { createOrder } from './create.ts';
import { readOrder } from './facts.ts';
import { issuedTickets } from './tickets.ts';
import { type OrderViewParts, viewOf } from './view.ts';

export interface OrderParts extends OrderViewParts {
  readonly database: Database;
  readonly payments: Payments;
}

export function addOrderRoutes(app: OpenAPIHono<AppEnv>, parts: OrderParts): void {
  const { ring, payments } = parts;
  const { db } = parts.database;
  const order = requireToken(ring, 'order');
  app.use(createRoute.getRoutingPath(), requireToken(ring, 'session'));
  for (const route of [getOrder, payOrder, listTickets, cancelRoute]) app.use(route.getRoutingPath(), order);

  app.openapi(createRoute, async (c) => {
    const key = c.req.valid('header')['idempotency-key'];
    const made = await createOrder(db, c.get('session'), key, c.req.valid('json'));
    return c.json(await viewOf(parts, made), 201);
  });

  app.openapi(getOrder, async (c) =>
    c.json(await viewOf(parts, await readOrder(db, c.req.valid('param').orderId)), 200),
  );

  app.openapi(payOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const key = c.req.valid('header')['idempotency-key'];
    await payments.pay(orderId, key, c.req.valid('json'));
    return c.json(await viewOf(parts, await readOrder(db, orderId)), 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const { orderId } = c.req.valid('param');
    await cancelOrder(parts.database, orderId, c.get('requestId'));
    await payments.refund(orderId);
    return c.json(await viewOf(parts, await readOrder(db, orderId)), 200);
  });

  app.openapi(listTickets, async (c) => {
    const facts = await readOrder(db, c.req.valid('param').orderId);
    return c.json(await issuedTickets(db, ring, facts), 200);
  });
}
