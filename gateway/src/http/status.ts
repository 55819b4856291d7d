import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import { getStatus, type PlaceStatus } from '@onsale/shared/http/line';
import type { AppEnv } from '@onsale/shared/service/env';
import { placeOf } from './identity.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { etagOf, retryAfterS } from './view/freshness.ts';
import { lastKnownStatus } from './view/last-known.ts';
import { isNearFront } from './view/rooms.ts';
import { standingBy } from './view/standing-by.ts';
import { statusOf } from './view/status.ts';

export function addStatus(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(getStatus, async (c) => {
    const { eventId } = c.req.valid('param');
    const token = placeOf(c, eventId, { ring: needs.ring, nowMs: needs.clock() });
    const { place, buyer } = token;
    await needs.limitFan('status', eventId, place);
    const headersOf = (status: PlaceStatus, room: Room) => ({
      etag: etagOf(status),
      'cache-control': 'private, no-cache',
      'retry-after': String(retryAfterS(status, room)),
    });
    const exact = await standingBy(needs, token).catch((fault: unknown) => {
      if (!(fault instanceof Refusal) || fault.code !== 'unavailable') throw fault;
      return { standing: undefined, now: undefined };
    });
    if (exact.standing === undefined) {
      const last = await needs.rooms.anew(eventId);
      const status = lastKnownStatus(token, last, needs.told, needs.clock());
      return c.json(status, 200, headersOf(status, last.room));
    }
    const { standing, now } = exact;
    if (isNearFront(standing, now.room)) await orUnavailable(needs.line.seen(eventId, [place]));

    const status = await statusOf(standing, now, { eventId, place, buyer }, needs);
    const headers = headersOf(status, now.room);
    if (c.req.header('if-none-match')?.includes(headers.etag)) return c.body(null, 304, headers);
    return c.json(status, 200, headers);
  });
}
