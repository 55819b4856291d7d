import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { json, refusals } from './common.ts';

export const Jwks = z
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

export const getJwks = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getJwks',
  summary: 'The public keys of passes, as any JWT library takes them',
  responses: { 200: json(Jwks, 'Every key in use'), ...refusals() },
});
