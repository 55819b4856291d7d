import { createLocalJWKSet, errors, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { EventId, PlaceId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';

/**
 * The pass: proof that a place was let through, an Ed25519 JWT that any JWT library verifies with our JWKS. It costs
 * 37 µs to sign and 105 µs to verify, so it is verified once, at the claim, which answers with a session token.
 */
export const PassClaims = z.object({
  sub: Uuid.describe('The buyer'),
  aud: EventId.describe('The event'),
  place: PlaceId,
  turn: z.int().min(1),
  iat: z.int().describe('When the batch was offered, epoch seconds'),
  exp: z.int().describe('End of the claim window, epoch seconds'),
});
export type PassClaims = z.infer<typeof PassClaims>;

export interface PassKeys {
  /** Every fact comes from the batch's record and Ed25519 is deterministic: the same admission always gives the same pass. */
  sign(claims: PassClaims): Promise<string>;
  /** @throws Refusal tokenInvalid, tokenExpired */
  verify(pass: string, eventId: string, nowMs: number): Promise<PassClaims>;
  /** Public keys, for `/.well-known/jwks.json`. */
  readonly jwks: { keys: JWK[] };
}

/** @param privateKeys option PASS_KEYS; the first signs, all verify. @param issuer option PUBLIC_URL */
export async function passKeysOf(
  privateKeys: ReadonlyArray<JWK & { kid: string }>,
  issuer: string,
): Promise<PassKeys> {
  const current = privateKeys[0]!;
  const signingKey = await importJWK({ ...current, alg: 'EdDSA' });
  const jwks = {
    keys: privateKeys.map(({ kty, crv, kid, x }) => ({ kty, crv, kid, x, alg: 'EdDSA', use: 'sig' }) as JWK),
  };
  const keySet = createLocalJWKSet(jwks);

  return {
    jwks,
    sign: ({ place, turn, sub, aud, iat, exp }) =>
      new SignJWT({ place, turn })
        .setProtectedHeader({ alg: 'EdDSA', kid: current.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(sub)
        .setAudience(aud)
        .setIssuedAt(iat)
        .setExpirationTime(exp)
        .sign(signingKey),
    async verify(pass, eventId, nowMs) {
      if (pass.length > limits.tokenMaxChars) throw new Refusal('tokenInvalid');
      try {
        const { payload } = await jwtVerify(pass, keySet, {
          issuer,
          audience: eventId,
          algorithms: ['EdDSA'],
          currentDate: new Date(nowMs),
          clockTolerance: limits.clockSkewMs / 1000,
          requiredClaims: ['exp', 'iat', 'sub'],
        });
        const claims = PassClaims.parse(payload);
        // The library looks at this only where it bounds the age of a token.
        if (claims.iat * 1000 > nowMs + limits.clockSkewMs) throw new Error('offered in the future');
        return claims;
      } catch (cause) {
        throw new Refusal(
          cause instanceof errors.JWTExpired ? 'tokenExpired' : 'tokenInvalid',
          {},
          { cause },
        );
      }
    },
  };
}
