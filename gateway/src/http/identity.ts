import { Refusal } from '@onsale/shared/errors';
import { deviceOf, newId } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import { headerOf } from '@onsale/shared/service/header';
import { signToken, type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { serialize } from 'hono/utils/cookie';

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
  if (headerOf(c, 'authorization') !== undefined) {
    return { buyer: placeOf(c, eventId, { ring, nowMs }).buyer, by: 'token' };
  }
  const buyer = fanOf(c, { ring, nowMs });
  if (buyer !== undefined) return { buyer, by: 'cookie' };
  return { buyer: newId(), by: 'new' };
}

/** Who the cookie says this browser is; undefined without one that we can read. */
export function fanOf(c: Context<AppEnv>, { ring, nowMs }: IdentityKeys): string | undefined {
  const cookie = headerOf(c, 'cookie') === undefined ? undefined : getCookie(c, FAN_COOKIE);
  if (cookie === undefined) return undefined;
  try {
    return verifyToken(ring, 'fan', cookie, nowMs).buyer;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/**
 * Lets a token that is bound to a device pass from there alone.
 * @throws Refusal otherDevice
 */
export function requireDevice(c: Context<AppEnv>, device: string, keys: IdentityKeys): void {
  const fan = fanOf(c, keys);
  if (fan === undefined || deviceOf(fan) !== device) throw new Refusal('otherDevice');
}

/** `Set-Cookie` of a fan: said at every join, so that it lives on and moves to the newest key. */
export function fanCookieOf(buyer: string, ring: Keyring, publicUrl: string): string {
  const attributes = publicUrl.startsWith('https:') ? SECURE : ATTRIBUTES;
  // The token has no character that a cookie would have to escape.
  return `${FAN_COOKIE}=${signToken(ring, 'fan', { buyer })}${attributes}`;
}

const attributesOf = (secure: boolean): string =>
  serialize(FAN_COOKIE, '', {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure,
    maxAge: limits.fanCookieMaxAgeS,
  }).slice(FAN_COOKIE.length + 1);
const [ATTRIBUTES, SECURE] = [attributesOf(false), attributesOf(true)];

/** The place token of a request. @throws Refusal tokenMissing; tokenInvalid, also for another event's */
export function placeOf(
  c: Context<AppEnv>,
  eventId: string,
  { ring, nowMs }: IdentityKeys,
): TokenPayload<'place'> {
  const token = bearerOf(headerOf(c, 'authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  const place = verifyToken(ring, 'place', token, nowMs);
  if (place.event !== eventId) throw new Refusal('tokenInvalid');
  return place;
}
