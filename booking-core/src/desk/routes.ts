import type { OpenAPIHono } from '@hono/zod-openapi';
import { internalCreateComp } from '@onsale/shared/http/operator-comps';
import { internalListHolds, internalReleaseHold } from '@onsale/shared/http/operator-holds';
import { internalLookAtOrder, internalSearchOrders } from '@onsale/shared/http/operator-orders';
import { internalMoveStock } from '@onsale/shared/http/operator-stock';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Catalog } from '../catalog/catalog.ts';
import type { Seats } from '../catalog/seats.ts';
import type { Database } from '../db/database.ts';
import { findHolds } from './find-holds.ts';
import { giveComp } from './give-comp.ts';
import { lookAtOrder } from './look-at-order.ts';
import { moveStock } from './move-stock.ts';
import { releaseByHand } from './release-hold.ts';
import { searchOrders } from './search-orders.ts';

export interface DeskParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly seats: Seats;
}

/** What operators do by hand. Below /internal, behind the service token that addInternalRoutes asks for. */
export function addDeskRoutes(app: OpenAPIHono<AppEnv>, { database, catalog, seats }: DeskParts): void {
  app.openapi(internalMoveStock, async (c) => {
    const { asked, ...who } = c.req.valid('json');
    const event = await catalog.event(c.req.valid('param').eventId);
    const ticketIds = await moveStock(database, event, asked, who);
    return c.json({ eventId: event.id, move: asked.move, ticketIds }, 200);
  });

  app.openapi(internalCreateComp, async (c) => {
    const { comp, ...who } = c.req.valid('json');
    const event = await catalog.event(c.req.valid('param').eventId);
    return c.json({ eventId: event.id, ...(await giveComp(database, event, comp, who)) }, 201);
  });

  app.openapi(internalListHolds, async (c) => {
    const search = c.req.valid('query');
    const event = await catalog.event(search.eventId);
    return c.json(await findHolds(database.db, seats, event, search), 200);
  });

  app.openapi(internalReleaseHold, async (c) => {
    const eventId = await releaseByHand(database, c.req.valid('param').holdId, c.req.valid('json'));
    return c.json({ eventId }, 200);
  });

  app.openapi(internalSearchOrders, async (c) => {
    const { search, ...actor } = c.req.valid('json');
    return c.json(await searchOrders(database, search, actor), 200);
  });

  app.openapi(internalLookAtOrder, async (c) =>
    c.json(await lookAtOrder(database, c.req.valid('param').orderId, c.req.valid('json')), 200),
  );
}
