import type { OpenAPIHono } from '@hono/zod-openapi';
import { leaveLine } from '@onsale/shared/http/line';
import type { AppEnv } from '@onsale/shared/service/env';
import { placeOf } from './identity.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';

export function addLeave(app: OpenAPIHono<AppEnv>, { line, rooms, wake, onMoved, ring, clock }: Needs): void {
  app.openapi(leaveLine, async (c) => {
    const { eventId } = c.req.valid('param');
    const { place } = placeOf(c, eventId, { ring, nowMs: clock() });
    await rooms.now(eventId);
    if (await orUnavailable(line.leave(eventId, place, 'left'))) {
      wake(eventId, 'slot');
      onMoved(eventId, place);
    }
    return c.body(null, 204);
  });
}
