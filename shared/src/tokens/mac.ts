import { createHmac, hash, type KeyObject } from 'node:crypto';
import { limits } from '../limits.ts';

/** Of SHA-256, bytes. */
const [BLOCK, DIGEST] = [64, 32];
/** A character is at most three bytes of UTF-8. */
const TEXT_MAX = limits.tokenMaxChars;
const inner = Buffer.alloc(BLOCK + 3 * TEXT_MAX);
const outer = Buffer.alloc(BLOCK + DIGEST);

/**
 * HMAC-SHA256 of a text, base64url. Written out as the two hashes that it is (RFC 2104): `createHmac` makes an object of the
 * engine's and one of OpenSSL's for each call: 2.2 µs, and work for the garbage collector, where these are 1.3.
 */
export function macOf(key: KeyObject, text: string): string {
  const pads = padsOf(key);
  if (pads === undefined || text.length > TEXT_MAX) {
    return createHmac('sha256', key).update(text).digest('base64url');
  }
  inner.set(pads.inner);
  outer.set(pads.outer);
  const length = BLOCK + inner.write(text, BLOCK);
  outer.write(hash('sha256', inner.subarray(0, length), 'binary'), BLOCK, 'latin1');
  return hash('sha256', outer, 'base64url');
}

interface Pads {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** What goes before the text and before its hash, made once for each key; undefined for one that is longer than a block. */
const kept = new WeakMap<KeyObject, Pads>();
function padsOf(key: KeyObject): Pads | undefined {
  let pads = kept.get(key);
  if (pads === undefined && key.symmetricKeySize! <= BLOCK) {
    const bytes = Buffer.alloc(BLOCK);
    bytes.set(key.export());
    pads = {
      inner: bytes.map((byte) => byte ^ 0x36) as Buffer,
      outer: bytes.map((byte) => byte ^ 0x5c) as Buffer,
    };
    kept.set(key, pads);
  }
  return pads;
}
