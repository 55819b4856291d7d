import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../src/errors.ts';
import { newId, placeIdOf, printOf, uuidOf } from '../src/ids.ts';
import { limits } from '../src/limits.ts';
import { signToken, type TokenKind, type TokenPayload, verifyToken } from '../src/tokens/hmac.ts';
import { keyringOf, secretKey } from '../src/tokens/keyring.ts';
import { macOf } from '../src/tokens/mac.ts';
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
  device: 'd'.repeat(16),
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

test('[ADM-34] a clock may be wrong by clockSkewMs at either end of a pass, and by no more; a session ends at its second', async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const keys = await passKeysOf(
    [{ ...(await exportJWK(privateKey)), kid: 'k1' } as never],
    'https://sale.example',
  );
  const [iat, exp] = [now / 1000, now / 1000 + 120];
  const pass = await keys.sign({
    sub: session.buyer,
    aud: session.event,
    place: session.place,
    turn: 1,
    iat,
    exp,
  });
  const at = (nowMs: number): Promise<string> =>
    keys.verify(pass, session.event, nowMs).then(
      () => 'accepted',
      (error: Refusal) => error.code,
    );
  const skew = limits.clockSkewMs;
  expect(await at(iat * 1000 - skew)).toBe('accepted');
  expect(await at(iat * 1000 - skew - 1_000)).toBe('tokenInvalid');
  expect(await at(exp * 1000 + skew - 1_000)).toBe('accepted');
  expect(await at(exp * 1000 + skew)).toBe('tokenExpired');

  const token = signToken(ring, 'session', session);
  expect(codeOf(() => verifyToken(ring, 'session', token, session.expiresAtMs - 1))).toBe('accepted');
  expect(codeOf(() => verifyToken(ring, 'session', token, session.expiresAtMs))).toBe('tokenExpired');
});

test('[ADM-34] every kind rotates: the old key reads until it is removed, the new one signs, and no kind passes for another', () => {
  const [old, fresh] = [key('old'), key('new')];
  const [before, during, after] = [keyringOf(old), keyringOf(`${fresh},${old}`), keyringOf(fresh)];
  const order = newId();
  const tokens: { [K in TokenKind]?: TokenPayload<K> } = {
    fan: { buyer: session.buyer },
    place: { ...session, order: 7, lane: 'general', epoch: 1 },
    session,
    order: { order, device: session.device },
    ticket: { event: session.event, order, ticket: 1 },
    operator: { name: 'olga', role: 'desk', expiresAtMs: now + 1 },
  };
  const kinds = Object.keys(tokens) as TokenKind[];
  for (const kind of kinds) {
    const token = signToken(before, kind, tokens[kind] as never);
    const moved = signToken(during, kind, verifyToken(during, kind, token, now));
    expect(moved).toMatch(new RegExp(`^${kind}\\.new\\.`));
    expect(verifyToken(after, kind, moved, now)).toEqual(verifyToken(before, kind, token, now));
    expect(codeOf(() => verifyToken(after, kind, token, now))).toBe('tokenInvalid');
    for (const other of kinds.filter((one) => one !== kind)) {
      expect(codeOf(() => verifyToken(during, other, token, now))).toBe('tokenInvalid');
      const relabelled = token.replace(/^[a-z]+/, other);
      expect(codeOf(() => verifyToken(during, other, relabelled, now))).toBe('tokenInvalid');
    }
  }
});

test('[API-3] a signature is the HMAC-SHA256 of everything before it, with any key and whatever the text', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });
  const text = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: limits.tokenMaxChars + 1 }),
    fc.constantFrom(limits.tokenMaxChars, limits.tokenMaxChars + 1).map((length) => '€'.repeat(length)),
  );
  fc.assert(
    fc.property(bytes, text, (secret, signed) => {
      const one = createSecretKey(secret);
      expect(macOf(one, signed)).toBe(createHmac('sha256', one).update(signed).digest('base64url'));
    }),
    { seed: 1 },
  );
});

describe('identifiers', () => {
  test('[LINE-1] a place follows from event and buyer, and from nothing else', () => {
    const placeKey = secretKey(randomBytes(32).toString('base64'));
    const buyer = newId();
    expect(placeIdOf(placeKey, 'club-night', buyer)).toBe(placeIdOf(placeKey, 'club-night', buyer));
    expect(placeIdOf(placeKey, 'club-night', buyer)).not.toBe(placeIdOf(placeKey, 'dodgers-live', buyer));
    for (let n = 0; n < 100; n += 1) {
      const one = newId();
      const mac = createHmac('sha256', placeKey).update(`place\0club-night\0${one}`).digest();
      expect(placeIdOf(placeKey, 'club-night', one)).toBe(mac.subarray(0, 16).toString('base64url'));
    }
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
