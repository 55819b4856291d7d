import { Refusal } from '@onsale/shared/errors';
import type { AppEnv } from '@onsale/shared/service/app';
import { type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';

/** Who operates. @throws Refusal tokenMissing, tokenInvalid, tokenExpired */
export function operatorOf(
  c: Context<AppEnv>,
  { ring, nowMs }: { ring: Keyring; nowMs: number },
): TokenPayload<'operator'> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  return verifyToken(ring, 'operator', token, nowMs);
}

/** Refuses before anything else of the request is looked at: who is no operator learns nothing, not even what is malformed. */
export const operatorsOnly =
  ({ ring, clock }: { ring: Keyring; clock: () => number }) =>
  async (c: Context<AppEnv>, next: () => Promise<void>): Promise<void> => {
    operatorOf(c, { ring, nowMs: clock() });
    await next();
  };

/** Who asks, for the audit. */
export const actorOf = (c: Context<AppEnv>, { ring, clock }: { ring: Keyring; clock: () => number }) => ({
  actor: operatorOf(c, { ring, nowMs: clock() }).name,
  requestId: c.get('requestId'),
});
