import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { createCheckIn } from '@onsale/shared/http/check-ins';
import type { AppEnv } from '@onsale/shared/service/env';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** The door: a code that is no ticket of ours, or none of this door's event, is refused here, the rest is the core's to know. */
export function addCheckIns(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(createCheckIn, async (c) => {
    const { code, eventId } = c.req.valid('json');
    const { event } = verifyToken(needs.ring, 'ticket', code, needs.clock());
    if (eventId !== undefined && event !== eventId) {
      throw new Refusal('tokenInvalid', { detail: 'This ticket is for another event.' });
    }
    return c.json(await needs.core.checkIn(code, actorOf(c, needs)), 200, { 'cache-control': 'no-store' });
  });
}
