import type { OpenAPIHono } from '@hono/zod-openapi';
import { internalCheckIn } from '@onsale/shared/http/check-ins';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Database } from '../db/database.ts';
import { checkIn } from './check-in.ts';

/** Below /internal, behind the service token that addInternalRoutes asks for. */
export function addCheckInRoutes(
  app: OpenAPIHono<AppEnv>,
  { database, ring }: { database: Database; ring: Keyring },
): void {
  app.openapi(internalCheckIn, async (c) => {
    const { code, ...actor } = c.req.valid('json');
    return c.json(await checkIn(database, ring, code, actor), 200);
  });
}
