import type { OpenAPIHono } from '@hono/zod-openapi';
import { internalMoveStock } from '@onsale/shared/http/operator-stock';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import { moveStock } from './move-stock.ts';

export interface DeskParts {
  readonly database: Database;
  readonly catalog: Catalog;
}

/** What operators do by hand. Below /internal, behind the service token that addInternalRoutes asks for. */
export function addDeskRoutes(app: OpenAPIHono<AppEnv>, { database, catalog }: DeskParts): void {
  app.openapi(internalMoveStock, async (c) => {
    const { asked, ...who } = c.req.valid('json');
    const event = await catalog.event(c.req.valid('param').eventId);
    const ticketIds = await moveStock(database, event, asked, who);
    return c.json({ eventId: event.id, move: asked.move, ticketIds }, 200);
  });
}
