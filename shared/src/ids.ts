import { createHmac, hash, type KeyObject, randomUUID } from 'node:crypto';
import { z } from 'zod';

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

/**
 * The place of one identity in one event's line: a keyed hash, so that joining twice is the same member of the
 * sorted set with no second key, and nobody can compute the place of another.
 * @returns 22 base64url characters (128 bits of HMAC-SHA256).
 */
export function placeIdOf(key: KeyObject, eventId: string, buyer: string): string {
  return createHmac('sha256', key)
    .update(`place\0${eventId}\0${buyer}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/**
 * A UUID (version 8, RFC 9562) that is a function of its parts. What a buyer creates under an Idempotency-Key has
 * the id `uuidOf(kind, buyer, key)`, so its primary key is the idempotency record: no second table, no second write.
 */
export function uuidOf(...parts: readonly string[]): string {
  const bytes = hash('sha256', parts.join('\0'), 'buffer').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Fingerprint of a request's meaning: the same Idempotency-Key with another print is refused. Key order does not count. */
export function printOf(request: Record<string, string | number | boolean>): Buffer {
  const canonical = JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
  return hash('sha256', canonical, 'buffer').subarray(0, 16);
}
