import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { EventId, PlaceId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Keyring } from './keyring.ts';

/**
 * Tokens that only we read: `<kind>.<kid>.<payload>.<mac>`, payload base64url JSON, mac HMAC-SHA256 over all before it.
 * The kind is part of what is signed, so a token of one kind never passes for another. Payload names are short because
 * the place token travels with every status request.
 */
export const payloads = {
  /** The browser's identity (a cookie). `buyer` is who buys until accounts exist. */
  fan: z.object({ buyer: Uuid }),
  /** A place in the line. `order` is the place's score: with it a lost line can be rebuilt. */
  place: z.object({ event: EventId, place: PlaceId, buyer: Uuid, order: z.int().nonnegative() }),
  /** A shopper's session: what the claim answers with; gateway and core each check it. */
  session: z.object({
    event: EventId,
    place: PlaceId,
    turn: z.int().min(1),
    buyer: Uuid,
    expiresAtMs: z.int().nonnegative(),
  }),
  /** Access to one order, for as long as the buyer keeps it: paying, reading, tickets. */
  order: z.object({ order: Uuid }),
  /** One issued ticket, the text of its QR code. */
  ticket: z.object({ event: EventId, order: Uuid, ticket: z.int().positive() }),
  /** An operator. `name` goes into the audit. */
  operator: z.object({
    name: z.string().min(1).max(64),
    role: z.enum(['operator']),
    expiresAtMs: z.int().nonnegative(),
  }),
} as const;

export type TokenKind = keyof typeof payloads;
export type TokenPayload<K extends TokenKind> = z.infer<(typeof payloads)[K]>;

const macOf = (key: KeyObject, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Signs with the ring's current key. Equal payloads give equal tokens while the key stays. */
export function signToken<K extends TokenKind>(ring: Keyring, kind: K, payload: TokenPayload<K>): string {
  const text = `${kind}.${ring.current.kid}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${text}.${macOf(ring.current.key, text).toString('base64url')}`;
}

/**
 * Checks kind, signature (constant time), shape and expiry.
 * @throws Refusal tokenInvalid, or tokenExpired when `expiresAtMs` has passed.
 */
export function verifyToken<K extends TokenKind>(
  ring: Keyring,
  kind: K,
  token: string,
  nowMs: number,
): TokenPayload<K> {
  if (token.length > limits.tokenMaxChars) throw new Refusal('tokenInvalid');
  const cut = token.lastIndexOf('.');
  const text = token.slice(0, cut);
  const [tokenKind, kid, payloadText, ...rest] = text.split('.');
  const key = ring.byKid.get(kid ?? '');
  if (tokenKind !== kind || key === undefined || payloadText === undefined || rest.length > 0)
    throw new Refusal('tokenInvalid');

  const given = Buffer.from(token.slice(cut + 1), 'base64url');
  const wanted = macOf(key, text);
  // Base64url has several spellings of the same bytes; only the one we write is accepted, so a token is one string.
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Refusal('tokenInvalid');
  if (token.slice(cut + 1) !== wanted.toString('base64url')) throw new Refusal('tokenInvalid');

  const payload = payloads[kind].safeParse(JSON.parse(Buffer.from(payloadText, 'base64url').toString()));
  if (!payload.success) throw new Refusal('tokenInvalid');
  const { expiresAtMs } = payload.data as { expiresAtMs?: number };
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw new Refusal('tokenExpired');
  return payload.data as TokenPayload<K>;
}
