import { createSecretKey, type KeyObject } from 'node:crypto';

/** Symmetric keys by id. The first signs; all verify, so a rotation is a new first key and, after every token of the old one has expired, its removal. */
export interface Keyring {
  readonly current: { readonly kid: string; readonly key: KeyObject };
  readonly byKid: ReadonlyMap<string, KeyObject>;
}

/** A 32-byte secret as a KeyObject: on Node 24 a raw key costs 12 µs a call, a KeyObject 1.7. */
export function secretKey(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32) throw new Error(`a key must have 32 bytes, this one has ${bytes.length}`);
  return createSecretKey(bytes);
}

/** @param text option HMAC_KEYS: `kid:base64,kid:base64` */
export function keyringOf(text: string): Keyring {
  const pairs = text.split(',').map((pair) => {
    const [kid, base64] = pair.split(':') as [string, string];
    return { kid, key: secretKey(base64) };
  });
  return { current: pairs[0]!, byKid: new Map(pairs.map(({ kid, key }) => [kid, key])) };
}
