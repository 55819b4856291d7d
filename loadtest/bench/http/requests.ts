import { randomBytes, randomUUID } from 'node:crypto';
import { deviceOf } from '@onsale/shared/ids';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { TIER } from '../claims/put-on-sale.ts';

const SESSION_MS = 3_600_000;

/** A shopper of his own, with a session of this event. */
export interface Shopper {
  /** The bearer token. */
  readonly session: string;
  readonly cookie: string;
}

export function shopperOf(ring: Keyring, eventId: string): Shopper {
  const buyer = randomUUID();
  const place = randomBytes(16).toString('base64url');
  const expiresAtMs = Date.now() + SESSION_MS;
  const session = { event: eventId, place, turn: 1, buyer, device: deviceOf(buyer), expiresAtMs };
  return {
    session: signToken(ring, 'session', session),
    cookie: `onsale_fan=${signToken(ring, 'fan', { buyer })}`,
  };
}

/**
 * Requests for holds as bytes, each of another shopper with a session of his own, for one ticket and for two in turn.
 * Made before the clock runs.
 */
export function requestsFor(ring: Keyring, eventId: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, at) => {
    const { session, cookie } = shopperOf(ring, eventId);
    const body = JSON.stringify({ tierId: TIER, quantity: 1 + (at % 2) });
    const lines = [
      `POST /api/v1/events/${eventId}/holds HTTP/1.1`,
      'host: 127.0.0.1',
      `authorization: Bearer ${session}`,
      `cookie: ${cookie}`,
      `idempotency-key: ${randomUUID()}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  });
}
