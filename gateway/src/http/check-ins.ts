import type { OpenAPIHono } from '@hono/zod-openapi';
import { createCheckIn } from '@onsale/shared/http/check-ins';
import type { AppEnv } from '@onsale/shared/service/app';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** The door: a code that is no ticket of ours is refused here, the rest is the core's to know. */
export function addCheckIns(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(createCheckIn, async (c) => {
    const { code } = c.req.valid('json');
    verifyToken(needs.ring, 'ticket', code, needs.clock());
    return c.json(await needs.core.checkIn(code, actorOf(c, needs)), 200, { 'cache-control': 'no-store' });
  });
}
