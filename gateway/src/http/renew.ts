import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { renewSession, Shopping } from '@onsale/shared/http/line';
import type { AppEnv } from '@onsale/shared/service/env';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { bearerOf } from '@onsale/shared/tokens/secret';
import { requireDevice } from './identity.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { statusOf } from './view/status.ts';

/** More time for a session, once a turn. It is the line's alone: holds end when the core says. */
export function addRenewal(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { ring, clock, line, rooms, limitFan } = needs;
  app.openapi(renewSession, async (c) => {
    const { eventId } = c.req.valid('param');
    const token = bearerOf(c.req.header('authorization'));
    if (token === undefined) throw new Refusal('tokenMissing');
    const keys = { ring, nowMs: clock() };
    const session = verifyToken(ring, 'session', token, keys.nowMs);
    const { event, place, turn, buyer, device } = session;
    if (event !== eventId) throw new Refusal('tokenInvalid');
    requireDevice(c, device, keys);
    await limitFan('claim', eventId, place);

    const now = await rooms.now(eventId);
    // After a loss the line learns of the session from its token.
    await orUnavailable(line.sessionCounts(eventId, session));
    const shopping = await orUnavailable(line.renew(eventId, place, turn));
    if (shopping === undefined) throw new Refusal('sessionOver');
    needs.onMoved(eventId, place);
    const status = await statusOf(shopping, now, { eventId, place, buyer }, needs);
    return c.json(Shopping.parse(status), 200, { 'cache-control': 'no-store' });
  });
}
