import { createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { Keyring } from './keyring.ts';

/**
 * Codes of invitations: 10 bytes that name one, and 10 of a signature (HMAC-SHA256 of event and name), as 32 characters of
 * Crockford's base32 in groups of four, so that people can read and type them. Whoever guesses has one chance in 2^80 for
 * each try, and is told so before anything is asked of Redis or Postgres. A code dies with the key it was signed with.
 */
const ID_BYTES = 10;
const MAC_BYTES = 10;
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const macOf = (key: KeyObject, eventId: string, id: Buffer): Buffer =>
  createHmac('sha256', key).update(`invitation\0${eventId}\0`).update(id).digest().subarray(0, MAC_BYTES);

/** What names the `n`th invitation of a request: the same event and Idempotency-Key make the same ones. @returns hex */
export const invitationIdOf = (eventId: string, key: string, n: number): string =>
  hash('sha256', ['invitation', eventId, key, n].join('\0'), 'hex').slice(0, ID_BYTES * 2);

/** @param invitationId hex */
export function invitationCodeOf(ring: Keyring, eventId: string, invitationId: string): string {
  const id = Buffer.from(invitationId, 'hex');
  let bits = BigInt(`0x${Buffer.concat([id, macOf(ring.current.key, eventId, id)]).toString('hex')}`);
  let code = '';
  for (let n = 0; n < ((ID_BYTES + MAC_BYTES) * 8) / 5; n += 1) {
    code = DIGITS[Number(bits & 31n)] + (n > 0 && n % 4 === 0 ? '-' : '') + code;
    bits >>= 5n;
  }
  return code;
}

/**
 * Which invitation of this event a code is. Case, hyphens and blanks do not count; O is read as 0, I and L as 1.
 * @returns its id, hex
 * @throws Refusal invitationInvalid
 */
export function invitationIn(ring: Keyring, eventId: string, code: string): string {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{32}$/.test(plain)) throw new Refusal('invitationInvalid');
  let bits = 0n;
  for (const digit of plain) bits = (bits << 5n) | BigInt(DIGITS.indexOf(digit));
  const bytes = Buffer.from(bits.toString(16).padStart((ID_BYTES + MAC_BYTES) * 2, '0'), 'hex');
  const id = bytes.subarray(0, ID_BYTES);
  const mac = bytes.subarray(ID_BYTES);
  for (const key of ring.byKid.values()) {
    if (timingSafeEqual(macOf(key, eventId, id), mac)) return id.toString('hex');
  }
  throw new Refusal('invitationInvalid');
}
