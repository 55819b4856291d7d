import type { OpenAPIHono } from '@hono/zod-openapi';
import { type Event, getEvent, listEvents } from '@onsale/shared/http/events';
import type { AppEnv } from '@onsale/shared/service/env';
import { countOf, type Stock, type StockCount } from '../inventory/stock.ts';
import type { Catalog, CatalogEvent } from './catalog.ts';

/** An event as anybody may see it. */
export const eventViewOf = (event: CatalogEvent, count: StockCount): Event => ({
  eventId: event.id,
  name: event.name,
  venue: event.venue,
  startsAtMs: event.startsAtMs,
  currency: event.currency,
  buyerLimit: event.buyerLimit,
  holdTtlMs: event.holdTtlMs,
  cancelUntilMs: event.cancelUntilMs,
  admission: event.admission,
  rehearsal: event.rehearsal,
  tiers: event.tiers.map(({ id, name, cost, taxIncluded }) => {
    const { free, held, sold, blocked, accessibleFree } = countOf(count, id);
    const capacity = free + held + sold + blocked;
    const left = { capacity, free: free - accessibleFree, accessibleFree, held };
    return { tierId: id, name, ...cost, taxIncluded, ...left };
  }),
  serverTimeMs: count.asOfMs,
});

/**
 * @param stock what is left, as old as answers about events may be (limits.eventMaxAgeMs)
 * @param onAsked told whenever somebody asks for one event
 */
export function addEventRoutes(
  app: OpenAPIHono<AppEnv>,
  catalog: Catalog,
  stock: Stock,
  onAsked: (event: CatalogEvent) => void,
): void {
  const viewOf = async (event: CatalogEvent): Promise<Event> => eventViewOf(event, await stock(event.id));

  app.openapi(listEvents, async (c) => {
    const events = await catalog.list();
    return c.json({ events: await Promise.all(events.map(viewOf)) }, 200);
  });

  app.openapi(getEvent, async (c) => {
    const event = await catalog.event(c.req.valid('param').eventId);
    onAsked(event);
    return c.json(await viewOf(event), 200);
  });
}
