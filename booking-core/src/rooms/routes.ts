import type { OpenAPIHono } from '@hono/zod-openapi';
import { internalListAdmissions } from '@onsale/shared/http/admissions';
import * as routes from '@onsale/shared/http/internal';
import { internalRemovePlace, internalRevokeTurn } from '@onsale/shared/http/removals';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import type { Stock } from '../inventory/stock.ts';
import { requireService } from '../service/rights.ts';
import { listAdmissions } from './admissions.ts';
import type { Habits } from './habits.ts';
import { drawNewSeed } from './new-seed.ts';
import { patchEvent } from './patch-event.ts';
import { recordBatch } from './record-batch.ts';
import { removePlace, revokeTurn } from './remove.ts';
import { beginEpoch, listRooms, patchRoom, readRoom, requireRoom } from './rooms.ts';
import { listTurns } from './turns.ts';

export interface RoomParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly stock: Stock;
  readonly habits: (eventId: string) => Promise<Habits>;
  /** 0 idle, 1 admit nobody. */
  readonly pressure: () => number;
  readonly serviceToken: string;
}

/** Everything below /internal, for our own processes alone. */
export function addInternalRoutes(app: OpenAPIHono<AppEnv>, parts: RoomParts): void {
  const { database, catalog, stock, habits, pressure } = parts;
  app.use('/internal/*', requireService(parts.serviceToken));

  app.openapi(routes.listRooms, async (c) => c.json({ rooms: await listRooms(database.db) }, 200));

  app.openapi(routes.getRoom, async (c) =>
    c.json(await readRoom(database.db, c.req.valid('param').eventId), 200),
  );

  app.openapi(routes.patchRoom, async (c) => {
    const { patch, ...actor } = c.req.valid('json');
    return c.json(await patchRoom(database, c.req.valid('param').eventId, patch, actor), 200);
  });

  app.openapi(routes.internalDrawNewSeed, async (c) =>
    c.json(await drawNewSeed(database, c.req.valid('param').eventId, c.req.valid('json')), 200),
  );

  app.openapi(internalRemovePlace, async (c) => {
    const { eventId } = c.req.valid('param');
    const { place, why, ...actor } = c.req.valid('json');
    await readRoom(database.db, eventId);
    await removePlace(database, eventId, { place, why }, actor);
    return c.body(null, 204);
  });

  app.openapi(internalRevokeTurn, async (c) => {
    const { eventId } = c.req.valid('param');
    const { revocation, ...actor } = c.req.valid('json');
    await readRoom(database.db, eventId);
    await revokeTurn(database, eventId, revocation, actor);
    return c.body(null, 204);
  });

  app.openapi(internalListAdmissions, async (c) => {
    const { eventId } = c.req.valid('param');
    await requireRoom(database.db, eventId);
    return c.json(await listAdmissions(database.db, eventId, c.req.valid('query').after ?? '0'), 200);
  });

  app.openapi(routes.recordBatch, async (c) => {
    const { eventId } = c.req.valid('param');
    await readRoom(database.db, eventId);
    return c.json(await recordBatch(database, eventId, c.req.valid('json')), 200);
  });

  app.openapi(routes.beginEpoch, async (c) =>
    c.json(await beginEpoch(database, c.req.valid('param').eventId, c.req.valid('json').from), 200),
  );

  app.openapi(routes.listTurns, async (c) => {
    const { eventId } = c.req.valid('param');
    await readRoom(database.db, eventId);
    return c.json(await listTurns(database.db, eventId, c.req.valid('query').after ?? ''), 200);
  });

  app.openapi(routes.getStock, async (c) => {
    const { id } = await catalog.event(c.req.valid('param').eventId);
    const [{ total, heldUntilMs, asOfMs }, { perFan, holders }] = await Promise.all([stock(id), habits(id)]);
    const { free, held, sold, blocked, lapsing } = total;
    const all = free + held + sold + blocked;
    return c.json(
      {
        total: all,
        free,
        held,
        sold,
        blocked,
        holders,
        lapsing,
        heldUntilMs,
        perFan,
        pressure: pressure(),
        asOfMs,
      },
      200,
    );
  });

  app.openapi(routes.patchEvent, async (c) => {
    const { patch, ...actor } = c.req.valid('json');
    await patchEvent(database, c.req.valid('param').eventId, patch, actor);
    catalog.forget();
    return c.body(null, 204);
  });
}
