import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  getOperatorRoom,
  listOperatorRooms,
  patchOperatorEvent,
  patchOperatorRoom,
} from '@onsale/shared/http/operator';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Needs } from './needs.ts';
import { actorOf, operatorsOnly } from './operator.ts';
import { operatorRoomOf } from './operator-room.ts';

/** Operators' routes: the core has the policy, Redis a copy that counts at once, the snapshot what came of it. */
export function addRooms(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core, line, rooms, wake } = needs;
  const noStore = { 'cache-control': 'no-store' };

  app.use('/api/v1/operator/*', operatorsOnly(needs));

  app.openapi(listOperatorRooms, async (c) => {
    const policies = await core.rooms();
    return c.json(
      { rooms: await Promise.all(policies.map((policy) => operatorRoomOf(policy, needs))) },
      200,
      noStore,
    );
  });

  app.openapi(getOperatorRoom, async (c) => {
    const policy = await core.room(c.req.valid('param').eventId);
    return c.json(await operatorRoomOf(policy, needs), 200, noStore);
  });

  app.openapi(patchOperatorRoom, async (c) => {
    const { eventId } = c.req.valid('param');
    const policy = await core.patchRoom(eventId, actorOf(c, needs), c.req.valid('json'));
    // The change stands. Without Redis nobody is admitted either, and the worker brings the copy when it is back.
    await line.putRoom(policy).catch(() => {});
    rooms.forget(eventId);
    wake(eventId, 'slot');
    return c.json(await operatorRoomOf(policy, needs), 200, noStore);
  });

  app.openapi(patchOperatorEvent, async (c) => {
    await core.patchEvent(c.req.valid('param').eventId, actorOf(c, needs), c.req.valid('json'));
    return c.body(null, 204);
  });
}
