import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Room } from '@onsale/shared/http/internal';
import {
  drawNewSeed,
  getOperatorRoom,
  listOperatorRooms,
  type OperatorRoom,
  patchOperatorEvent,
  patchOperatorRoom,
} from '@onsale/shared/http/operator';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { actorOf, operatorsOnly } from './operator.ts';
import { operatorRoomOf } from './operator-room.ts';

/** The change stands. Without Redis nobody is admitted either, and the worker brings the copy when it is back. */
export async function putInForce(needs: Needs, room: Room): Promise<OperatorRoom> {
  const { line, rooms, wake } = needs;
  await line.putRoom(room).catch(() => {});
  rooms.forget(room.eventId);
  wake(room.eventId, 'slot');
  return operatorRoomOf(room, needs);
}

/** Operators' routes: the core has the policy, Redis a copy that counts at once, the snapshot what came of it. */
export function addRooms(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core } = needs;
  const noStore = { 'cache-control': 'no-store' };

  operatorsOnly(app, needs);

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
    return c.json(
      await putInForce(needs, await core.patchRoom(eventId, actorOf(c, needs), c.req.valid('json'))),
      200,
      noStore,
    );
  });

  app.openapi(drawNewSeed, async (c) => {
    const { eventId } = c.req.valid('param');
    const room = await core.drawNewSeed(eventId, actorOf(c, needs));
    return c.json(await putInForce(needs, room), 200, noStore);
  });

  app.openapi(patchOperatorEvent, async (c) => {
    await core.patchEvent(c.req.valid('param').eventId, actorOf(c, needs), c.req.valid('json'));
    return c.body(null, 204);
  });
}
