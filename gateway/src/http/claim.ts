import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { claimOffer, Shopping } from '@onsale/shared/http/line';
import { deviceOf, newId } from '@onsale/shared/ids';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Context } from 'hono';
import { refuseCrossSite } from './cross-site.ts';
import { fanCookieOf, fanOf } from './identity.ts';
import type { Needs } from './needs.ts';
import { orUnavailable } from './view/away.ts';
import { statusOf } from './view/status.ts';

export function addClaim(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  app.openapi(claimOffer, async (c) => {
    const { eventId } = c.req.valid('param');
    refuseCrossSite(c, needs.publicUrl);
    await needs.limitNetwork(c);
    const now = await needs.rooms.now(eventId);
    const {
      sub: buyer,
      place,
      turn,
      exp,
    } = await needs.pass.verify(c.req.valid('json').pass, eventId, needs.clock());
    await needs.limitFan('claim', eventId, place);

    const claimer = claimerOf(c, needs);
    const device = claimer === buyer ? undefined : deviceOf(claimer);
    const { outcome, shopping } = await orUnavailable(
      needs.line.claim(eventId, place, turn, device, exp * 1_000),
    );
    if (outcome === 'lapsed') throw new Refusal('offerLapsed');
    if (outcome === 'otherDevice') throw new Refusal('otherDevice');
    if (shopping === undefined) throw new Refusal('sessionOver');
    needs.onMoved(eventId, place);

    const status = await statusOf(shopping, now, { eventId, place, buyer }, needs);
    return c.json(Shopping.parse(status), 200, { 'cache-control': 'no-store' });
  });
}

/** Who claims: the browser as its cookie says, or one that is given a cookie now, and is nobody yet. */
function claimerOf(c: Context<AppEnv>, { ring, clock, publicUrl }: Needs): string {
  const known = fanOf(c, { ring, nowMs: clock() });
  if (known !== undefined) return known;
  const fan = newId();
  c.header('set-cookie', fanCookieOf(fan, ring, publicUrl));
  return fan;
}
