import type { OpenAPIHono } from '@hono/zod-openapi';
import { DRAW_ALGORITHM } from '@onsale/shared/draw';
import { getEventRoom } from '@onsale/shared/http/room';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Needs } from './needs.ts';
import { laneSharesOf, roomViewOf } from './view/room-view.ts';
import type { RoomNow } from './view/rooms.ts';

/** The room as anybody may see it. Asked for by everyone who looks at the event, so proxies may keep it for a moment. */
export function addRoom(app: OpenAPIHono<AppEnv>, { rooms, clock }: Needs): void {
  app.openapi(getEventRoom, async (c) => {
    const { eventId } = c.req.valid('param');
    const now = await rooms.now(eventId);
    const nowMs = clock();
    return c.json(
      {
        eventId,
        room: roomViewOf(now, nowMs),
        identity: now.room.identity,
        lanes: laneSharesOf(now),
        draw: { algorithm: DRAW_ALGORITHM, commitment: now.room.commitment, seed: revealedSeedOf(now) },
        asOfMs: now.snapshot?.atMs ?? nowMs,
        serverTimeMs: nowMs,
      },
      200,
      { 'cache-control': 'public, max-age=1' },
    );
  });
}

/**
 * The seed, once nobody can be drawn any more. Whoever knew it earlier could make places until one is drawn first. So it is
 * told by the line's own clock, which decides who is drawn, and limits.clockSkewMs later: within that span before the doors
 * open the core refuses to move their opening (booking-core/src/rooms/settled.ts), so no copy of an older row can still shut them.
 */
function revealedSeedOf({ room, snapshot }: RoomNow): string | null {
  if (room.orderMode !== 'draw' || room.opensAtMs === null || snapshot === undefined) return null;
  return snapshot.atMs >= room.opensAtMs + limits.clockSkewMs ? room.seed : null;
}
