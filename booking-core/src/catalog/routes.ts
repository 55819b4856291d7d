import type { OpenAPIHono } from '@hono/zod-openapi';
import { type Event, getEvent, listEvents } from '@onsale/shared/http/events';
import type { AppEnv } from '@onsale/shared/service/app';
import { countOf, type Stock } from '../inventory/stock.ts';
import type { Catalog, CatalogEvent } from './catalog.ts';

/** @param stock what is left, as old as answers about events may be (limits.eventMaxAgeMs) */
export function addEventRoutes(app: OpenAPIHono<AppEnv>, catalog: Catalog, stock: Stock): void {
  const viewOf = async (event: CatalogEvent): Promise<Event> => {
    const count = await stock(event.id);
    return {
      eventId: event.id,
      name: event.name,
      venue: event.venue,
      startsAtMs: event.startsAtMs,
      currency: event.currency,
      buyerLimit: event.buyerLimit,
      holdTtlMs: event.holdTtlMs,
      admission: event.admission,
      tiers: event.tiers.map(({ id, name, priceMinor }) => {
        const { free, held, sold, blocked } = countOf(count, id);
        return { tierId: id, name, priceMinor, capacity: free + held + sold + blocked, free, held };
      }),
      serverTimeMs: count.asOfMs,
    };
  };

  app.openapi(listEvents, async (c) => {
    const events = await catalog.list();
    return c.json({ events: await Promise.all(events.map(viewOf)) }, 200);
  });

  app.openapi(getEvent, async (c) => {
    const event = await catalog.event(c.req.valid('param').eventId);
    return c.json(await viewOf(event), 200);
  });
}
