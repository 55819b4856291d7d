import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { claimOffer, Shopping } from '@onsale/shared/http/line';
import type { AppEnv } from '@onsale/shared/service/app';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { statusOf } from './view/status.ts';

export function addClaim(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(claimOffer, async (c) => {
    const { eventId } = c.req.valid('param');
    await needs.limitNetwork(c);
    const now = await needs.rooms.now(eventId);
    const {
      sub: buyer,
      place,
      turn,
    } = await needs.pass.verify(c.req.valid('json').pass, eventId, needs.clock());

    const { outcome, sessionExpiresAtMs } = await orUnavailable(needs.line.claim(eventId, place, turn));
    if (outcome === 'lapsed') throw new Refusal('offerLapsed');
    if (outcome === 'over' || sessionExpiresAtMs === undefined) throw new Refusal('sessionOver');
    needs.onMoved(eventId, place);

    const fan = { eventId, place, buyer };
    const status = await statusOf({ stage: 'shopping', turn, sessionExpiresAtMs }, now, fan, needs);
    return c.json(Shopping.parse(status), 200, { 'cache-control': 'no-store' });
  });
}
