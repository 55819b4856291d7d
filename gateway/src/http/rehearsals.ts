import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRehearsal, endRehearsal } from '@onsale/shared/http/rehearsals';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';
import { putInForce } from './rooms.ts';

/**
 * Events of load tests. The core's commit is what counts: of one that begins, the copy in Redis is there the sooner; of one that
 * ends, the doors close the sooner, and the admission worker takes its line away whether or not this process lives to see it.
 */
export function addRehearsals(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const noStore = { 'cache-control': 'no-store' };

  app.openapi(createRehearsal, async (c) => {
    const { isNew, room, event } = await needs.core.createRehearsal(actorOf(c, needs), c.req.valid('json'));
    return c.json({ room: await putInForce(needs, room), event }, isNew ? 201 : 200, noStore);
  });

  app.openapi(endRehearsal, async (c) => {
    const { eventId } = c.req.valid('param');
    const { room, endedAtMs } = await needs.core.endRehearsal(eventId, actorOf(c, needs));
    // Asked again after its line is gone, nothing of it is put back.
    if (await needs.line.room(eventId).catch(() => undefined)) await putInForce(needs, room);
    return c.json({ eventId, endedAtMs }, 200, noStore);
  });
}
