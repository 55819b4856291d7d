import type { OpenAPIHono } from '@hono/zod-openapi';
import * as routes from '@onsale/shared/http/invitations';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Database } from '../db/database.ts';
import { readRoom } from '../rooms/rooms.ts';
import { createInvitations } from './create.ts';
import { listInvitations } from './list.ts';
import { redeem } from './redeem.ts';
import { revokeInvitation } from './revoke.ts';

/** Below /internal, behind the service token that addInternalRoutes asks for. */
export function addInvitationRoutes(
  app: OpenAPIHono<AppEnv>,
  { database, onUse }: { database: Database; onUse: (outcome: string) => void },
): void {
  app.openapi(routes.internalCreateInvitations, async (c) => {
    const { eventId } = c.req.valid('param');
    const { terms, invitations, key: _, ...actor } = c.req.valid('json');
    await readRoom(database.db, eventId);
    return c.json(
      { invitations: await createInvitations(database, eventId, { terms, invitations }, actor) },
      201,
    );
  });

  app.openapi(routes.internalListInvitations, async (c) => {
    const { eventId } = c.req.valid('param');
    await readRoom(database.db, eventId);
    return c.json(await listInvitations(database.db, eventId, c.req.valid('query').after), 200);
  });

  app.openapi(routes.internalRevokeInvitation, async (c) => {
    const { why, ...actor } = c.req.valid('json');
    await revokeInvitation(database, c.req.valid('param'), why, actor);
    return c.body(null, 204);
  });

  app.openapi(routes.internalRedeemInvitation, async (c) => {
    const which = c.req.valid('param');
    await readRoom(database.db, which.eventId);
    return c.json(await redeem(database, which, c.req.valid('json'), onUse), 200);
  });
}
