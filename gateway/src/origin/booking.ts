import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { getEvent, listEvents } from '@onsale/shared/http/events';
import { createHold, extendHold, getHold, releaseHold } from '@onsale/shared/http/holds';
import { createOrder, getOrder, listTickets, Order, payOrder } from '@onsale/shared/http/orders';
import { cancelOrder } from '@onsale/shared/http/refunds';
import { receiveWebhook } from '@onsale/shared/http/webhooks';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Context } from 'hono';
import type { Needs } from '../http/needs.ts';
import { Kept } from '../http/view/kept.ts';
import { type Answer, askCore, toResponse } from './core.ts';
import { parametersOf } from './parameters.ts';
import { endSession, requireOrder, requireSession, SESSION_HEADER } from './shopper.ts';

type Handler = (c: Context<AppEnv>, parameters: Record<string, string>) => Promise<Response>;

/**
 * The booking API behind the gateway: who may ask is decided here, what is answered by the core, which validates the
 * rest. Routes are documented as the core's own.
 * @param coreUrl option CORE_URL
 */
export function addBooking(app: OpenAPIHono<AppEnv>, needs: Needs, coreUrl: string): void {
  const add = (route: RouteConfig & { getRoutingPath(): string }, handle: Handler): void => {
    app.openAPIRegistry.registerPath(route);
    app.on(route.method, route.getRoutingPath(), async (c) => handle(c, parametersOf(c, route)));
  };
  const pass: Handler = async (c) => toResponse(c, await askCore(c, coreUrl));

  const kept = new Kept<Answer>({
    maxAgeMs: limits.eventMaxAgeMs,
    maxEntries: limits.eventsKeptMax,
    worthKeeping: ({ status }) => status === 200 || status === 404,
  });
  const keep: Handler = async (c) => {
    const answer = await kept.get(c.req.path, needs.clock(), () => askCore(c, coreUrl));
    return toResponse(c, answer);
  };
  const forShoppers: Handler = async (c, { eventId }) => {
    await requireSession(c, needs, eventId);
    return pass(c, {});
  };
  const forBuyers: Handler = async (c, { orderId }) => {
    requireOrder(c, needs, orderId!);
    return pass(c, {});
  };

  add(listEvents, keep);
  add(getEvent, keep);
  add(createHold, forShoppers);
  add(getHold, forShoppers);
  add(releaseHold, forShoppers);
  add(extendHold, forShoppers);
  add(createOrder, forShoppers);
  add(getOrder, forBuyers);
  add(listTickets, forBuyers);
  add(cancelOrder, forBuyers);
  // Who sends it, the core finds out by the signature over the very bytes.
  add(receiveWebhook, pass);
  add(payOrder, async (c, { orderId }) => {
    requireOrder(c, needs, orderId!);
    const answer = await askCore(c, coreUrl);
    const paidEvent = eventPaidFor(answer);
    const session = c.req.header(SESSION_HEADER);
    if (paidEvent !== undefined && session !== undefined) {
      await endSession(session, paidEvent, needs).catch(() => {});
    }
    return toResponse(c, answer);
  });
}

/** The event whose order this answer says is paid. */
function eventPaidFor({ status, bytes }: Answer): string | undefined {
  if (status !== 200) return undefined;
  const order = Order.pick({ state: true, eventId: true }).safeParse(
    JSON.parse(Buffer.from(bytes).toString()),
  );
  return order.data?.state === 'paid' ? order.data.eventId : undefined;
}
