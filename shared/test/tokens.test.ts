import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../src/errors.ts';
import { newId, placeIdOf, printOf, uuidOf } from '../src/ids.ts';
import { limits } from '../src/limits.ts';
import { signToken, type TokenKind, type TokenPayload, verifyToken } from '../src/tokens/hmac.ts';
import { keyringOf, secretKey } from '../src/tokens/keyring.ts';
import { passKeysOf } from '../src/tokens/pass.ts';
import { secretMatches } from '../src/tokens/secret.ts';

const key = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
};

const now = 1_800_000_000_000;
const ring = keyringOf(key('a'));
const session: TokenPayload<'session'> = {
  event: 'club-night',
  place: 'A'.repeat(22),
  turn: 1,
  buyer: newId(),
  expiresAtMs: now + 1,
};

describe('tokens that only we read', () => {
  test('[API-3] what was signed is read back, and expires', () => {
    const token = signToken(ring, 'session', session);
    expect(verifyToken(ring, 'session', token, now)).toEqual(session);
    expect(codeOf(() => verifyToken(ring, 'session', token, now + 1))).toBe('tokenExpired');
  });

  test('[API-3] any other text is refused: each bit flipped, each character cut, other kinds, other keys', () => {
    const token = signToken(ring, 'session', session);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
        const other = String.fromCharCode(token.charCodeAt(at) ^ flip);
        const forged = token.slice(0, at) + other + token.slice(at + 1);
        expect(codeOf(() => verifyToken(ring, 'session', forged, now))).toBe('tokenInvalid');
        expect(codeOf(() => verifyToken(ring, 'session', token.slice(0, at), now))).toBe('tokenInvalid');
      }),
      { seed: 1, numRuns: 2_000 },
    );
    for (const kind of ['fan', 'place', 'order', 'ticket', 'operator'] satisfies TokenKind[]) {
      expect(codeOf(() => verifyToken(ring, kind, token, now))).toBe('tokenInvalid');
    }
    expect(codeOf(() => verifyToken(keyringOf(key('a')), 'session', token, now))).toBe('tokenInvalid');
    expect(codeOf(() => verifyToken(ring, 'session', `${token}=`, now))).toBe('tokenInvalid');
    expect(codeOf(() => verifyToken(ring, 'session', 'x'.repeat(limits.tokenMaxChars + 1), now))).toBe(
      'tokenInvalid',
    );
  });

  test('[API-4] keys rotate: the new one signs, the old one verifies until it is removed', () => {
    const [old, fresh] = [key('old'), key('new')];
    const token = signToken(keyringOf(old), 'session', session);
    expect(verifyToken(keyringOf(`${fresh},${old}`), 'session', token, now)).toEqual(session);
    expect(signToken(keyringOf(`${fresh},${old}`), 'session', session)).toContain('session.new.');
    expect(codeOf(() => verifyToken(keyringOf(fresh), 'session', token, now))).toBe('tokenInvalid');
  });
});

describe('the pass', () => {
  const jwkOf = async (kid: string) => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return { ...(await exportJWK(privateKey)), kid } as { kid: string; kty: string };
  };
  const claims = {
    sub: session.buyer,
    aud: session.event,
    place: session.place,
    turn: 1,
    iat: now / 1000,
    exp: now / 1000 + 120,
  };

  test('[API-5] any JWT library verifies it with the published keys, which hold nothing private', async () => {
    const keys = await passKeysOf([await jwkOf('k1')], 'https://sale.example');
    const pass = await keys.sign(claims);
    const { payload } = await jwtVerify(pass, createLocalJWKSet(keys.jwks), { currentDate: new Date(now) });
    expect(payload).toMatchObject({ ...claims, iss: 'https://sale.example' });
    expect(JSON.stringify(keys.jwks)).not.toContain('"d"');
  });

  test('[ADM-4] the same admission always gives the same pass', async () => {
    const keys = await passKeysOf([await jwkOf('k1')], 'https://sale.example');
    expect(await keys.sign(claims)).toBe(await keys.sign({ ...claims }));
  });

  test('[API-3] [API-4] another event, another issuer, another key, a late hour: refused; a rotated key: good', async () => {
    const [one, two] = [await jwkOf('k1'), await jwkOf('k2')];
    const keys = await passKeysOf([one], 'https://sale.example');
    const pass = await keys.sign(claims);
    const refusal = (verifying: Promise<unknown>) =>
      verifying.then(
        () => 'accepted',
        (error: Refusal) => error.code,
      );
    expect(await refusal(keys.verify(pass, 'club-night', now))).toBe('accepted');
    expect(await refusal(keys.verify(pass, 'dodgers-live', now))).toBe('tokenInvalid');
    expect(await refusal(keys.verify(pass, 'club-night', now + 130_000))).toBe('tokenExpired');
    expect(
      await refusal((await passKeysOf([one], 'https://else.example')).verify(pass, 'club-night', now)),
    ).toBe('tokenInvalid');
    expect(
      await refusal((await passKeysOf([two, one], 'https://sale.example')).verify(pass, 'club-night', now)),
    ).toBe('accepted');
    expect(
      await refusal((await passKeysOf([two], 'https://sale.example')).verify(pass, 'club-night', now)),
    ).toBe('tokenInvalid');
  });
});

describe('identifiers', () => {
  test('[LINE-1] a place follows from event and buyer, and from nothing else', () => {
    const placeKey = secretKey(randomBytes(32).toString('base64'));
    const buyer = newId();
    expect(placeIdOf(placeKey, 'club-night', buyer)).toBe(placeIdOf(placeKey, 'club-night', buyer));
    expect(placeIdOf(placeKey, 'club-night', buyer)).not.toBe(placeIdOf(placeKey, 'dodgers-live', buyer));
    expect(placeIdOf(placeKey, 'club-night', buyer)).toMatch(/^[\w-]{22}$/);
  });

  test('[BOOK-7] an id is a function of buyer and key; a print of what was asked, in any order', () => {
    expect(uuidOf('hold', 'b', 'k')).toBe(uuidOf('hold', 'b', 'k'));
    expect(uuidOf('hold', 'bk', '')).not.toBe(uuidOf('hold', 'b', 'k'));
    expect(uuidOf('hold', 'b', 'k')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(printOf({ tierId: 'a', quantity: 2 })).toEqual(printOf({ quantity: 2, tierId: 'a' }));
    expect(printOf({ tierId: 'a', quantity: 2 })).not.toEqual(printOf({ tierId: 'a', quantity: 3 }));
  });

  test('[API-6] a shared secret matches itself alone', () => {
    expect(secretMatches('s'.repeat(40), 's'.repeat(40))).toBe(true);
    expect(secretMatches('', 's'.repeat(40))).toBe(false);
    expect(secretMatches('s'.repeat(41), 's'.repeat(40))).toBe(false);
  });
});
