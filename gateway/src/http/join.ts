import { setTimeout as delay } from 'node:timers/promises';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { drawnNumberOf, isDrawn } from '@onsale/shared/draw';
import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import { joinLine } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import { signToken, type TokenPayload } from '@onsale/shared/tokens/hmac';
import { invitationIn } from '@onsale/shared/tokens/invitation';
import type { JoinAnswer } from '../line/joined.ts';
import { putBack } from '../line/put-back.ts';
import type { Standing } from '../line/standing.ts';
import { refuseCrossSite } from './cross-site.ts';
import { fanCookieOf, identityOf, placeOf } from './identity.ts';
import { type Joining, joiningAs } from './invited.ts';
import { joinOpenly } from './join-openly.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { statusOf } from './view/status.ts';
import { wholeJson } from './whole-json.ts';

/** How long a join that may be let in at once looks for its offer between two looks. */
const LOOK_EVERY_MS = 10;

export function addJoin(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { ring, clock, publicUrl } = needs;
  const awaitOffer = offerAwaiter(needs);

  app.openapi(joinLine, async (c) => {
    const { eventId } = c.req.valid('param');
    const keys = { ring, nowMs: clock() };
    const { buyer: asking, by } = identityOf(c, eventId, keys);
    if (by !== 'token') refuseCrossSite(c, publicUrl);
    const { invitation } = c.req.valid('json');
    // A forged code costs us nothing but this.
    const invitationId = invitation === undefined ? undefined : invitationIn(ring, eventId, invitation);
    await needs.limitNetwork(c);

    const now = await needs.rooms.now(eventId);
    const joining = await joiningAs(needs, now, { buyer: asking, by }, invitationId);
    const { buyer, place } = joining;
    // Who is new has asked for nothing yet: his network is what bounds him.
    if (by !== 'new') await needs.limitFan('join', eventId, place);
    const given = by === 'token' ? placeOf(c, eventId, keys) : undefined;
    const token = given?.place === place ? given : undefined;
    if (now.away) {
      const joined = await joinOpenly(c, needs, now, joining, token);
      return c.json(joined, 201, { 'cache-control': 'no-store' });
    }
    const { outcome, epoch, standing: first, mayWake } = await join(needs, now.room, joining, token);
    if (outcome === 'spent') throw new Refusal('turnsSpent');
    if (outcome === 'removed') throw new Refusal('placeRemoved');
    if (outcome === 'closed' || first === undefined) throw new Refusal('roomClosed');
    // Who waits already may have changed lanes with an invitation.
    if (outcome === 'new' || invitationId !== undefined) needs.onMoved(eventId, place);
    const placeToken = signToken(ring, 'place', {
      event: eventId,
      place,
      buyer,
      epoch,
      ...keptOf(first, token),
    });

    const standing = mayWake ? await awaitOffer(eventId, place, first) : first;
    const status = await statusOf(standing, await needs.rooms.now(eventId), { eventId, place, buyer }, needs);
    return wholeJson({ placeToken, status }, outcome === 'new' ? 201 : 200, {
      'cache-control': 'no-store',
      ...(by === 'token' ? {} : { 'set-cookie': fanCookieOf(asking, ring, publicUrl) }),
    });
  });
}

/**
 * What the token keeps of the place, so that a lost line can be put together again. A drawn number is not told: it can be
 * computed when it is needed. Of a fan who does not wait nothing can be lost, and his token says the turn he has had.
 */
function keptOf(
  standing: Standing,
  token: TokenPayload<'place'> | undefined,
): Pick<TokenPayload<'place'>, 'order' | 'lane' | 'turn'> {
  if (standing.stage === 'waiting') {
    const { order, lane, turn } = standing;
    return { order: isDrawn(order) ? null : order, lane, turn };
  }
  return { order: token?.order ?? null, lane: token?.lane ?? 'general', turn: standing.turn };
}

/**
 * Joins. A room whose copy Redis lost, or never had, is fetched once; a place that it lost is put back from its token before
 * anything else. @throws Refusal eventUnknown, unavailable
 */
async function join(
  needs: Needs,
  room: Room,
  { place, lane }: Joining,
  token: TokenPayload<'place'> | undefined,
): Promise<JoinAnswer> {
  const { line, rooms } = needs;
  const { eventId } = room;
  if (token !== undefined) await orUnavailable(putBack(line, room, token));
  const drawn = room.orderMode === 'draw' ? drawnNumberOf(room.seed, place) : undefined;
  let answer = await orUnavailable(line.join(eventId, place, { lane, drawn }));
  if (answer.outcome === 'unknownRoom') {
    await rooms.fetch(eventId);
    answer = await orUnavailable(line.join(eventId, place, { lane, drawn }));
  }
  if (answer.outcome === 'unknownRoom' || answer.outcome === 'lost') {
    throw new Refusal('unavailable', { retryAfterMs: limits.roomsReadEveryMs });
  }
  // What is kept of the room was older than the loss: he has an earlier place, and it is put back now.
  if (answer.outcome === 'new' && token !== undefined && room.epoch < answer.epoch) {
    await orUnavailable(putBack(line, { ...room, epoch: answer.epoch }, token));
    const standing = await orUnavailable(line.standing(eventId, place));
    return { ...answer, ...(standing === undefined ? {} : { standing }) };
  }
  return answer;
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
