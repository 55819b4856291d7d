import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { getEvent, listEvents } from '@onsale/shared/http/events';
import { createHold, extendHold, getHold, releaseHold } from '@onsale/shared/http/holds';
import { askOrderLinks } from '@onsale/shared/http/order-links';
import { createOrder, getOrder, listTickets, Order, payOrder } from '@onsale/shared/http/orders';
import { getPaymentOptions } from '@onsale/shared/http/payment-options';
import { cancelOrder } from '@onsale/shared/http/refunds';
import { getSection, listSections } from '@onsale/shared/http/seats';
import { receiveWebhook } from '@onsale/shared/http/webhooks';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Context } from 'hono';
import { type Answer, openCoreWire } from '../core-wire.ts';
import type { Needs } from '../http/needs.ts';
import { Kept } from '../http/view/kept.ts';
import { askCore, toResponse } from './core.ts';
import { parametersOf } from './parameters.ts';
import { endSession, requireOrder, requirePayer, requireSession, SESSION_HEADER } from './shopper.ts';

type Handler = (c: Context<AppEnv>, parameters: Record<string, string>) => Promise<Response>;

/**
 * The booking API behind the gateway: who may ask is decided here, what is answered by the core, which validates the
 * rest. Routes are documented as the core's own.
 * @param coreUrl option CORE_URL
 */
export function addBooking(app: OpenAPIHono<AppEnv>, needs: Needs, coreUrl: string): void {
  const core = openCoreWire(coreUrl);
  const add = (route: RouteConfig & { getRoutingPath(): string }, handle: Handler): void => {
    app.openAPIRegistry.registerPath(route);
    app.on(route.method, route.getRoutingPath(), async (c) => handle(c, parametersOf(c, route)));
  };
  const pass: Handler = async (c) => toResponse(c, await askCore(c, core));

  const keeping = (maxEntries: number): Handler => {
    const kept = new Kept<Answer>({
      maxAgeMs: limits.eventMaxAgeMs,
      maxEntries,
      worthKeeping: ({ status }) => status === 200 || status === 404,
    });
    return async (c) => toResponse(c, await kept.get(c.req.path, needs.clock(), () => askCore(c, core)));
  };
  const keep = keeping(limits.eventsKeptMax);
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
  add(getPaymentOptions, keep);
  add(listSections, keep);
  add(getSection, keeping(limits.sectionsKeptMax));
  add(createHold, async (c, { eventId }) => {
    const { event, place } = await requireSession(c, needs, eventId);
    const answer = await askCore(c, core);
    // Free tickets were kept for him until now. Without Redis they are until that has passed.
    if (answer.status === 201) void needs.line.took(event, place).catch(() => {});
    return toResponse(c, answer);
  });
  add(getHold, forShoppers);
  add(releaseHold, forShoppers);
  add(extendHold, forShoppers);
  add(createOrder, forShoppers);
  add(getOrder, forBuyers);
  add(listTickets, forBuyers);
  add(cancelOrder, forBuyers);
  // It makes mail for whoever is named: nobody asks for many.
  add(askOrderLinks, async (c) => {
    await needs.limitNetwork(c);
    return pass(c, {});
  });
  // Who sends it, the core finds out by the signature over the very bytes.
  add(receiveWebhook, pass);
  add(payOrder, async (c, { orderId }) => {
    requirePayer(c, needs, orderId!);
    const answer = await askCore(c, core);
    const paidEvent = eventPaidFor(answer);
    const session = c.req.header(SESSION_HEADER);
    if (paidEvent !== undefined && session !== undefined) {
      await endSession(session, paidEvent, needs).catch(() => {});
    }
    return toResponse(c, answer);
  });
}

/** The event whose order this answer says is paid. */
function eventPaidFor({ status, text }: Answer): string | undefined {
  if (status !== 200) return undefined;
  const order = Order.pick({ state: true, eventId: true }).safeParse(JSON.parse(text));
  return order.data?.state === 'paid' ? order.data.eventId : undefined;
}
