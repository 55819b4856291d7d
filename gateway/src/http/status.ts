import type { OpenAPIHono } from '@hono/zod-openapi';
import { getStatus } from '@onsale/shared/http/line';
import type { AppEnv } from '@onsale/shared/service/app';
import { placeOf } from './identity.ts';
import type { Needs } from './needs.ts';
import { etagOf, retryAfterS } from './view/freshness.ts';
import { standingAt } from './view/rooms.ts';
import { statusOf } from './view/status.ts';

export function addStatus(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(getStatus, async (c) => {
    const { eventId } = c.req.valid('param');
    const { place, buyer } = placeOf(c, eventId, { ring: needs.ring, nowMs: needs.clock() });
    const [now, standing] = await Promise.all([
      needs.rooms.now(eventId),
      standingAt(needs.line, eventId, place),
    ]);

    const status = await statusOf(standing, now, { eventId, place, buyer }, needs);
    const etag = etagOf(status);
    const headers = {
      etag,
      'cache-control': 'private, no-cache',
      'retry-after': String(retryAfterS(status)),
    };
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, headers);
    return c.json(status, 200, headers);
  });
}
