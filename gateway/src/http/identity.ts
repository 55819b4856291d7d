import { Refusal } from '@onsale/shared/errors';
import { newId } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/app';
import { signToken, type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** The cookie that says which fan a browser is. */
export const FAN_COOKIE = 'onsale_fan';

/** Who asks: known by the place token of this event, by the cookie, or new. */
export type Identity = { readonly buyer: string; readonly by: 'token' | 'cookie' | 'new' };

export interface IdentityKeys {
  readonly ring: Keyring;
  readonly nowMs: number;
}

/**
 * A cookie we cannot read is as none: a fan must not be locked out by what his browser kept of an older key.
 * @throws Refusal tokenInvalid when a Bearer token is given and is not this event's place token
 */
export function identityOf(c: Context<AppEnv>, eventId: string, { ring, nowMs }: IdentityKeys): Identity {
  if (c.req.header('authorization') !== undefined) {
    return { buyer: placeOf(c, eventId, { ring, nowMs }).buyer, by: 'token' };
  }
  const cookie = getCookie(c, FAN_COOKIE);
  if (cookie !== undefined) {
    try {
      return { buyer: verifyToken(ring, 'fan', cookie, nowMs).buyer, by: 'cookie' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return { buyer: newId(), by: 'new' };
}

/** Written at every join, so that it lives on and moves to the newest key. */
export function rememberFan(c: Context<AppEnv>, buyer: string, ring: Keyring, publicUrl: string): void {
  setCookie(c, FAN_COOKIE, signToken(ring, 'fan', { buyer }), {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: publicUrl.startsWith('https:'),
    maxAge: limits.fanCookieMaxAgeS,
  });
}

/** The place token of a request. @throws Refusal tokenMissing; tokenInvalid, also for another event's */
export function placeOf(
  c: Context<AppEnv>,
  eventId: string,
  { ring, nowMs }: IdentityKeys,
): TokenPayload<'place'> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  const place = verifyToken(ring, 'place', token, nowMs);
  if (place.event !== eventId) throw new Refusal('tokenInvalid');
  return place;
}
