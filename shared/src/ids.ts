import { hash, type KeyObject, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { macOf } from './tokens/mac.ts';

/** A new random identifier of a fan or a request. */
export const newId = (): string => randomUUID();

/** Identifiers as they appear in paths, bodies and tokens. */
export const EventId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .describe('An event, in words: `dodgers-live`');
export const TierId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
  .describe('A price level of one event');
export const Uuid = z.uuid();
export const PlaceId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .describe('A place in one line: 128 bits, base64url');

export const DeviceId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16}$/)
  .describe('A browser, or what stands for one: 96 bits, base64url');

/**
 * What a browser is called in the tokens that are bound to it: a hash of who its cookie says it is. The cookie is signed, so
 * nobody can make the one that goes with a token.
 * @param fan `buyer` of the fan cookie
 */
export const deviceOf = (fan: string): string => hash('sha256', `device\0${fan}`, 'base64url').slice(0, 16);

/** What an invitation is known by; its code is this and a signature. */
export const InvitationId = z
  .string()
  .regex(/^[0-9a-f]{20}$/)
  .describe('An invitation: 80 bits, hex');

/**
 * The place of one identity in one event's line: a keyed hash, so that joining twice is the same member of the
 * sorted set with no second key, and nobody can compute the place of another.
 * @returns 22 base64url characters (128 bits of HMAC-SHA256).
 */
export function placeIdOf(key: KeyObject, eventId: string, buyer: string): string {
  return Buffer.from(macOf(key, `place\0${eventId}\0${buyer}`), 'base64url')
    .subarray(0, 16)
    .toString('base64url');
}

/**
 * A UUID (version 8, RFC 9562) that is a function of its parts. What a buyer creates under an Idempotency-Key has
 * the id `uuidOf(kind, buyer, key)`, so its primary key is the idempotency record: no second table, no second write.
 */
export function uuidOf(...parts: readonly string[]): string {
  // As text all along: a Buffer for each id is what the garbage collector of a hot core would be busy with.
  const hex = hash('sha256', parts.join('\0'), 'hex');
  const variant = VARIANTS[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The hex digits whose two highest bits are 10. */
const VARIANTS = '89ab';

/** Fingerprint of a request's meaning: the same Idempotency-Key with another print is refused. Key order does not count. */
export function printOf(request: Record<string, string | number | boolean>): Buffer {
  const canonical = JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
  return hash('sha256', canonical, 'buffer').subarray(0, 16);
}
