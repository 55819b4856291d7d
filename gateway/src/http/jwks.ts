import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { json, refusals } from '@onsale/shared/http/common';
import type { AppEnv } from '@onsale/shared/service/app';
import type { PassKeys } from '@onsale/shared/tokens/pass';
import { z } from 'zod';

const Jwks = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        kid: z.string(),
        x: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'Jwks' });

const getJwks = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getJwks',
  summary: 'The public keys of passes, as any JWT library takes them',
  responses: { 200: json(Jwks, 'Every key in use'), ...refusals() },
});

/** Readers keep the keys for five minutes: a new key is published that long before it signs. */
export function addJwks(app: OpenAPIHono<AppEnv>, { jwks }: PassKeys): void {
  const body = Jwks.parse(jwks);
  app.openapi(getJwks, (c) => c.json(body, 200, { 'cache-control': 'public, max-age=300' }));
}
