import type { OpenAPIHono } from '@hono/zod-openapi';
import * as routes from '@onsale/shared/http/internal';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import type { Stock } from '../inventory/stock.ts';
import { requireService } from '../service/rights.ts';
import { patchEvent } from './patch-event.ts';
import { recordBatch } from './record-batch.ts';
import { listRooms, patchRoom, readRoom } from './rooms.ts';

export interface RoomParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly stock: Stock;
  /** 0 idle, 1 admit nobody. */
  readonly pressure: () => number;
  readonly serviceToken: string;
}

/** Everything below /internal, for our own processes alone. */
export function addInternalRoutes(app: OpenAPIHono<AppEnv>, parts: RoomParts): void {
  const { database, catalog, stock, pressure } = parts;
  app.use('/internal/*', requireService(parts.serviceToken));

  app.openapi(routes.listRooms, async (c) => c.json({ rooms: await listRooms(database.db) }, 200));

  app.openapi(routes.getRoom, async (c) =>
    c.json(await readRoom(database.db, c.req.valid('param').eventId), 200),
  );

  app.openapi(routes.patchRoom, async (c) => {
    const { patch, ...actor } = c.req.valid('json');
    return c.json(await patchRoom(database, c.req.valid('param').eventId, patch, actor), 200);
  });

  app.openapi(routes.recordBatch, async (c) => {
    const { eventId } = c.req.valid('param');
    await readRoom(database.db, eventId);
    return c.json(await recordBatch(database, eventId, c.req.valid('json')), 200);
  });

  app.openapi(routes.getStock, async (c) => {
    const { id } = await catalog.event(c.req.valid('param').eventId);
    const { total, asOfMs } = await stock(id);
    const { free, held, sold, blocked } = total;
    const all = free + held + sold + blocked;
    return c.json({ total: all, free, held, sold, blocked, pressure: pressure(), asOfMs }, 200);
  });

  app.openapi(routes.patchEvent, async (c) => {
    const { patch, ...actor } = c.req.valid('json');
    await patchEvent(database, c.req.valid('param').eventId, patch, actor);
    catalog.forget();
    return c.body(null, 204);
  });
}
