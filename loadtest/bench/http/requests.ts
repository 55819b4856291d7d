import { randomBytes, randomUUID } from 'node:crypto';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { TIER } from '../claims/put-on-sale.ts';

const SESSION_MS = 3_600_000;

/**
 * Requests for holds as bytes, each of another shopper with a session of his own, for one ticket and for two in turn.
 * Made before the clock runs.
 */
export function requestsFor(ring: Keyring, eventId: string, count: number): Buffer[] {
  const expiresAtMs = Date.now() + SESSION_MS;
  return Array.from({ length: count }, (_, at) => {
    const place = randomBytes(16).toString('base64url');
    const session = { event: eventId, place, turn: 1, buyer: randomUUID(), expiresAtMs };
    const body = JSON.stringify({ tierId: TIER, quantity: 1 + (at % 2) });
    const lines = [
      `POST /api/v1/events/${eventId}/holds HTTP/1.1`,
      'host: 127.0.0.1',
      `authorization: Bearer ${signToken(ring, 'session', session)}`,
      `idempotency-key: ${randomUUID()}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  });
}
