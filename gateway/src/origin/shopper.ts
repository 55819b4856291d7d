import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import { type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';
import { requireDevice } from '../http/identity.ts';
import type { Needs } from '../http/needs.ts';

/** Header of a payment that names the session it ends. */
export const SESSION_HEADER = 'onsale-session';

/**
 * Lets only a living session through to the core, from the device that claimed it; the core checks the token again. While
 * Redis is away, or has lost what it knew, the token alone counts for as long as it lives: who is in keeps buying.
 * @returns whose session it is
 * @throws Refusal tokenMissing, tokenInvalid (also of another event), tokenExpired, otherDevice, sessionOver, tooManyRequests
 */
export async function requireSession(
  c: Context<AppEnv>,
  { line, ring, clock, limitFan }: Needs,
  eventId?: string,
): Promise<TokenPayload<'session'>> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  const keys = { ring, nowMs: clock() };
  const session = verifyToken(ring, 'session', token, keys.nowMs);
  const { event, place, device } = session;
  if (eventId !== undefined && event !== eventId) throw new Refusal('tokenInvalid');
  requireDevice(c, device, keys);
  const [counts] = await Promise.all([
    line.sessionCounts(event, session).catch(() => true),
    limitFan('booking', event, place),
  ]);
  if (!counts) throw new Refusal('sessionOver');
  return session;
}

/** @throws Refusal tokenMissing, tokenInvalid (also of another order) */
export function requireOrder(
  c: Context<AppEnv>,
  { ring, clock }: Needs,
  orderId: string,
): TokenPayload<'order'> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  const payload = verifyToken(ring, 'order', token, clock());
  if (payload.order !== orderId) throw new Refusal('tokenInvalid');
  return payload;
}

/**
 * Lets who ordered pay: from his device, also when his session has run out meanwhile. The link of a mail says no device, and
 * pays nothing.
 * @throws Refusal tokenMissing, tokenInvalid (also of another order), otherDevice
 */
export function requirePayer(c: Context<AppEnv>, needs: Needs, orderId: string): void {
  const { device } = requireOrder(c, needs, orderId);
  if (device === undefined) throw new Refusal('otherDevice');
  requireDevice(c, device, { ring: needs.ring, nowMs: needs.clock() });
}

/**
 * Ends the session that bought an order, so that the next fan has its slot. Done after the answer is known and for
 * nobody's harm if it fails: a session that is not ended runs out.
 */
export async function endSession(token: string, eventId: string, needs: Needs): Promise<void> {
  const session = sessionIn(token, needs);
  if (session?.event !== eventId) return;
  const { place } = session;
  if (!(await needs.line.sessionCounts(eventId, session))) return;
  await needs.line.leave(eventId, place, 'ordered');
  needs.wake(eventId, 'slot');
  needs.onMoved(eventId, place);
}

function sessionIn(token: string, { ring, clock }: Needs): TokenPayload<'session'> | undefined {
  if (token.length > limits.tokenMaxChars) return undefined;
  try {
    return verifyToken(ring, 'session', token, clock());
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
