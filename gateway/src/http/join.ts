import { setTimeout as delay } from 'node:timers/promises';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { joinLine } from '@onsale/shared/http/line';
import { placeIdOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/app';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { JoinAnswer } from '../line/line.ts';
import type { Standing } from '../line/standing.ts';
import { refuseCrossSite } from './cross-site.ts';
import { identityOf, placeOf, rememberFan } from './identity.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { statusOf } from './view/status.ts';

/** How long a join that may be let in at once looks for its offer between two looks. */
const LOOK_EVERY_MS = 10;

export function addJoin(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { ring, clock, placeKey, publicUrl } = needs;
  const awaitOffer = offerAwaiter(needs);

  app.openapi(joinLine, async (c) => {
    const { eventId } = c.req.valid('param');
    const keys = { ring, nowMs: clock() };
    const { buyer, by } = identityOf(c, eventId, keys);
    if (by !== 'token') refuseCrossSite(c, publicUrl);
    await needs.limitNetwork(c);

    const place = placeIdOf(placeKey, eventId, buyer);
    const { outcome, standing: first, mayWake } = await join(needs, eventId, place);
    if (outcome === 'spent') throw new Refusal('turnsSpent');
    if (outcome === 'closed' || first === undefined) throw new Refusal('roomClosed');
    if (outcome === 'new') needs.onMoved(eventId, place);
    if (by !== 'token') rememberFan(c, buyer, ring, publicUrl);

    // The order is known while the fan waits. Afterwards nothing of his stands in the line, and 0 says so.
    const known =
      first.stage === 'waiting' ? first.order : by === 'token' ? placeOf(c, eventId, keys).order : 0;
    const placeToken = signToken(ring, 'place', { event: eventId, place, buyer, order: known });

    const standing = mayWake ? await awaitOffer(eventId, place, first) : first;
    const status = await statusOf(standing, await needs.rooms.now(eventId), { eventId, place, buyer }, needs);
    return c.json({ placeToken, status }, outcome === 'new' ? 201 : 200, { 'cache-control': 'no-store' });
  });
}

/** Joins; a room whose copy Redis lost, or never had, is fetched once. @throws Refusal eventUnknown, unavailable */
async function join({ line, rooms }: Needs, eventId: string, place: string): Promise<JoinAnswer> {
  const answer = await orUnavailable(line.join(eventId, place));
  if (answer.outcome !== 'unknownRoom') return answer;
  await rooms.fetch(eventId);
  const again = await orUnavailable(line.join(eventId, place));
  if (again.outcome === 'unknownRoom') throw new Refusal('unavailable');
  return again;
}

/**
 * Wakes a tick and waits one tick's time for what it does, so that a fan who need not queue is never shown a queue. Only
 * so many wait at once, and none longer: the offer reaches the others by socket or status.
 */
function offerAwaiter({ line, wake }: Needs) {
  let awaiting = 0;
  return async (eventId: string, place: string, first: Standing): Promise<Standing> => {
    wake(eventId, 'join');
    if (awaiting >= limits.joinWaitsMax) return first;
    awaiting += 1;
    try {
      const untilMs = performance.now() + limits.tickMs;
      let standing: Standing | undefined = first;
      while (standing?.stage === 'waiting' && performance.now() < untilMs) {
        await delay(LOOK_EVERY_MS);
        standing = await orUnavailable(line.standing(eventId, place));
      }
      return standing ?? first;
    } finally {
      awaiting -= 1;
    }
  };
}
