import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { DeviceId, EventId, PlaceId, Uuid } from '../ids.ts';
import { Lane } from '../lanes.ts';
import { limits } from '../limits.ts';
import { operatorRoles } from '../roles.ts';
import type { Keyring } from './keyring.ts';
import { macOf } from './mac.ts';

/**
 * Tokens that only we read: `<kind>.<kid>.<payload>.<mac>`, payload base64url JSON, mac HMAC-SHA256 over all before it.
 * The kind is part of what is signed, so a token of one kind never passes for another. Payload names are short because
 * the place token travels with every status request.
 */
export const payloads = {
  /** The browser's identity (a cookie). `buyer` is who buys until accounts exist. */
  fan: z.object({ buyer: Uuid }),
  /**
   * A place in the line. With its order and lane a lost line can be put together again, unless the turn it waits for has
   * been had. `order` is null in a draw, where it is computed from the seed, and of a fan who does not wait; `epoch` is that
   * of the room when it was given.
   */
  place: z.object({
    event: EventId,
    place: PlaceId,
    buyer: Uuid,
    order: z.int().nonnegative().nullable(),
    lane: Lane,
    turn: z.int().min(1),
    epoch: z.int().nonnegative(),
  }),
  /** A shopper's session: what the claim answers with; gateway and core each check it. `device`: of the browser that claimed. */
  session: z.object({
    event: EventId,
    place: PlaceId,
    turn: z.int().min(1),
    buyer: Uuid,
    device: DeviceId,
    expiresAtMs: z.int().nonnegative(),
  }),
  /**
   * Access to one order, for as long as the buyer keeps it: reading, tickets, and paying where it says the `device` that
   * ordered. Links in mails do not say it.
   */
  order: z.object({ order: Uuid, device: DeviceId.optional() }),
  /** One issued ticket, the text of its QR code. */
  ticket: z.object({ event: EventId, order: Uuid, ticket: z.int().positive() }),
  /** An operator. `name` goes into the audit. */
  operator: z.object({
    name: z.string().min(1).max(64),
    role: z.enum(operatorRoles),
    expiresAtMs: z.int().nonnegative(),
  }),
  /** Which addresses (CIDR blocks) a load test may be counted by. It gives no right. */
  loadTest: z.object({
    addresses: z.array(z.string().max(limits.loadTestBlockMaxChars)).min(1).max(limits.loadTestBlocksMax),
    expiresAtMs: z.int().nonnegative(),
  }),
} as const;

export type TokenKind = keyof typeof payloads;
export type TokenPayload<K extends TokenKind> = z.infer<(typeof payloads)[K]>;

/** Signs with the ring's current key. Equal payloads give equal tokens while the key stays. */
export function signToken<K extends TokenKind>(ring: Keyring, kind: K, payload: TokenPayload<K>): string {
  const text = `${kind}.${ring.current.kid}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${text}.${macOf(ring.current.key, text)}`;
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

  // Compared as the texts they are: base64url has several spellings of the same bytes, and only ours is accepted, so a
  // token is one string.
  const given = Buffer.from(token.slice(cut + 1));
  const wanted = Buffer.from(macOf(key, text));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Refusal('tokenInvalid');

  const payload = payloads[kind].safeParse(JSON.parse(Buffer.from(payloadText, 'base64url').toString()));
  if (!payload.success) throw new Refusal('tokenInvalid');
  const { expiresAtMs } = payload.data as { expiresAtMs?: number };
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw new Refusal('tokenExpired');
  return payload.data as TokenPayload<K>;
}
