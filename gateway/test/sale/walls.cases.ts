import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { bearer } from '../door.ts';
import { answer, call, EVENT, sale, shopper } from './front.ts';

/** What is open to everyone, and what to nobody. */
export function walls(): void {
  test('[API-5] the pass is verified without our code, with the published keys', async () => {
    const { pass } = await shopper();
    const { keys } = await answer<{ keys: Array<JsonWebKey & { kid: string }> }>(
      call('/.well-known/jwks.json'),
      200,
    );
    expect(keys.every(({ d }) => d === undefined)).toBe(true);

    const [head, payload, signature] = pass.split('.') as [string, string, string];
    const read = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString());
    const jwk = keys.find(({ kid }) => kid === read(head).kid)!;
    const good = verify(
      null,
      Buffer.from(`${head}.${payload}`),
      createPublicKey({ key: jwk, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
    expect(good).toBe(true);
    expect(read(head)).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
    expect(read(payload)).toMatchObject({ iss: sale.env.PUBLIC_URL, aud: EVENT, turn: 1 });
  });

  test('[API-6] internal routes are not on the public port, nor answer without the service token', async () => {
    for (const path of ['/internal/rooms', `/internal/rooms/${EVENT}`, '/healthz', '/metrics']) {
      const http = await call(path, { headers: bearer(sale.serviceToken) });
      expect(http.status, path).toBe(404);
    }
    expect((await fetch(`${sale.env.CORE_INTERNAL_URL}/internal/rooms`)).status).toBe(401);
  });
}
