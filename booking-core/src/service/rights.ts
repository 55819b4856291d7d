import { Refusal } from '@onsale/shared/errors';
import { type TokenKind, type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { bearerOf, secretMatches } from '@onsale/shared/tokens/secret';
import type { Context, MiddlewareHandler } from 'hono';

type Right = Extract<TokenKind, 'session' | 'order'>;

declare module 'hono' {
  interface ContextVariableMap {
    session: TokenPayload<'session'>;
    order: TokenPayload<'order'>;
  }
}

/**
 * Checks the Bearer token of this kind and, where the path names an event or an order, that it is the token's own.
 * @throws Refusal tokenMissing, tokenInvalid, tokenExpired
 */
export function requireToken(ring: Keyring, kind: Right): MiddlewareHandler {
  return (c, next) => {
    const token = bearerOf(c.req.header('authorization'));
    if (token === undefined) throw new Refusal('tokenMissing');
    // A session's end is the line's affair and judged by the process's clock; only holds are judged by the database's.
    const payload = verifyToken(ring, kind, token, Date.now());
    requireOwn(c, payload);
    c.set(kind, payload);
    return next();
  };
}

function requireOwn(c: Context, payload: { event?: string; order?: string }): void {
  const [eventId, orderId] = [c.req.param('eventId'), c.req.param('orderId')];
  if (eventId !== undefined && eventId !== payload.event) throw new Refusal('tokenInvalid');
  if (orderId !== undefined && orderId !== payload.order) throw new Refusal('tokenInvalid');
}

/** @throws Refusal tokenMissing, tokenInvalid */
export function requireService(secret: string): MiddlewareHandler {
  return async (c, next) => {
    const token = bearerOf(c.req.header('authorization'));
    if (token === undefined) throw new Refusal('tokenMissing');
    if (!secretMatches(token, secret)) throw new Refusal('tokenInvalid');
    await next();
  };
}
