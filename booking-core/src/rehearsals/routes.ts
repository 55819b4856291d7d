import type { OpenAPIHono } from '@hono/zod-openapi';
import { internalNoteLoadTestToken } from '@onsale/shared/http/load-tests';
import {
  internalCreateRehearsal,
  internalEndRehearsal,
  internalGetRehearsal,
} from '@onsale/shared/http/rehearsals';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Catalog } from '../catalog/catalog.ts';
import { eventViewOf } from '../catalog/routes.ts';
import type { Database } from '../db/database.ts';
import type { Stock } from '../inventory/stock.ts';
import { writeAudit } from '../rooms/audit.ts';
import { createRehearsal } from './create.ts';
import { endRehearsal, readRehearsal } from './end.ts';

export interface RehearsalParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly stock: Stock;
}

/** Load tests. Below /internal, behind the service token that addInternalRoutes asks for. */
export function addRehearsalRoutes(
  app: OpenAPIHono<AppEnv>,
  { database, catalog, stock }: RehearsalParts,
): void {
  app.openapi(internalCreateRehearsal, async (c) => {
    const { asked, ...actor } = c.req.valid('json');
    const isNew = await createRehearsal(database, asked, actor);
    if (isNew) catalog.forget();
    const { room } = await readRehearsal(database.db, asked.eventId);
    const event = await catalog.event(asked.eventId);
    return c.json({ room, event: eventViewOf(event, await stock(event.id)) }, isNew ? 201 : 200);
  });

  app.openapi(internalGetRehearsal, async (c) =>
    c.json(await readRehearsal(database.db, c.req.valid('param').eventId), 200),
  );

  app.openapi(internalEndRehearsal, async (c) =>
    c.json(await endRehearsal(database, c.req.valid('param').eventId, c.req.valid('json')), 200),
  );

  app.openapi(internalNoteLoadTestToken, async (c) => {
    const { addresses, expiresAtMs, ...actor } = c.req.valid('json');
    await database.transact('read committed', (tx) =>
      writeAudit(tx, actor, {
        action: 'loadTestToken.created',
        subject: 'load-test',
        was: {},
        became: { addresses, expiresAtMs },
      }),
    );
    return c.body(null, 204);
  });
}
