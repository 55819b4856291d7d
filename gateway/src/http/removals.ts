import type { OpenAPIHono } from '@hono/zod-openapi';
import { listAdmissions } from '@onsale/shared/http/admissions';
import { removePlace, revokeTurn } from '@onsale/shared/http/removals';
import { placeIdOf } from '@onsale/shared/ids';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';
import { orUnavailable } from './view/away.ts';

/**
 * What operators take from a fan, and the record of who was let in. The core writes first: what is written there survives the
 * loss of Redis, and its holds look there. When Redis is away then, the operator is told to ask again, and asking again
 * puts what is written in force.
 */
export function addRemovals(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core, line, placeKey } = needs;
  const noStore = { 'cache-control': 'no-store' };
  const tell = (eventId: string, place: string): void => {
    needs.wake(eventId, 'slot');
    needs.onMoved(eventId, place);
  };

  app.openapi(removePlace, async (c) => {
    const { eventId } = c.req.valid('param');
    const { why, buyer, place = placeIdOf(placeKey, eventId, buyer ?? '') } = c.req.valid('json');
    await core.removePlace(eventId, actorOf(c, needs), { place, why });
    const gaveUp = await orUnavailable(line.leave(eventId, place, 'removed'));
    tell(eventId, place);
    return c.json({ place, gaveUp }, 200, noStore);
  });

  app.openapi(revokeTurn, async (c) => {
    const { eventId } = c.req.valid('param');
    const revocation = c.req.valid('json');
    const { place, turn } = revocation;
    await core.revokeTurn(eventId, actorOf(c, needs), revocation);
    const gaveUp = await orUnavailable(line.leave(eventId, place, 'revoked', turn));
    tell(eventId, place);
    return c.json({ place, gaveUp }, 200, noStore);
  });

  app.openapi(listAdmissions, async (c) => {
    const { eventId } = c.req.valid('param');
    return c.json(await core.admissions(eventId, c.req.valid('query').after), 200, noStore);
  });
}
