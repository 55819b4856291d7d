import type { OpenAPIHono } from '@hono/zod-openapi';
import { getSection, listSections } from '@onsale/shared/http/seats';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Db } from '../db/database.ts';
import { each, reused } from '../service/flight.ts';
import type { Catalog } from './catalog.ts';
import { readSection, readSections } from './sections.ts';

/** The seat map. The gateway keeps the answers for a moment, so that a crowd looking at one section is one reading. */
export function addSectionRoutes(app: OpenAPIHono<AppEnv>, catalog: Catalog, db: Db): void {
  const sections = each((eventId) => reused(() => readSections(db, eventId), limits.eventMaxAgeMs));

  app.openapi(listSections, async (c) => {
    const { id } = await catalog.event(c.req.valid('param').eventId);
    return c.json(await sections(id)(), 200);
  });

  app.openapi(getSection, async (c) => {
    const { eventId, section } = c.req.valid('param');
    const { id } = await catalog.event(eventId);
    return c.json(await readSection(db, id, section), 200);
  });
}
