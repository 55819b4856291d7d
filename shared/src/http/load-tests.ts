import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { limits } from '../limits.ts';
import { bearer, body, IdempotentHeaders, json, operators, refusals, TimeMs } from './common.ts';
import { Actor } from './internal.ts';

/** Headers of a request of a load test: the token, and the address (one of the token's blocks) that it is counted by. */
export const LOAD_TEST_HEADER = 'x-onsale-load-test';
export const LOAD_TEST_ADDRESS_HEADER = 'x-onsale-load-test-address';

/** CIDR blocks, none of which a fan of the internet can come from. */
const addresses = z
  .array(
    z
      .string()
      .max(limits.loadTestBlockMaxChars)
      .refine((block) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(block).success, 'a CIDR block'),
  )
  .min(1)
  .max(limits.loadTestBlocksMax)
  .describe(
    'CIDR blocks inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 198.18.0.0/15, fd00::/8 or 2001:2::/48',
  );

export const LoadTestRequest = z
  .strictObject({ addresses, ttlMs: z.int().min(1_000).max(limits.loadTestTokenTtlMaxMs) })
  .meta({ id: 'LoadTestRequest' });
export type LoadTestRequest = z.infer<typeof LoadTestRequest>;

export const LoadTestToken = z
  .object({
    loadTestToken: z.string().max(limits.tokenMaxChars).describe(`Send it as \`${LOAD_TEST_HEADER}\``),
    addresses,
    expiresAtMs: TimeMs,
    asOfMs: TimeMs,
  })
  .meta({ id: 'LoadTestToken' });
export type LoadTestToken = z.infer<typeof LoadTestToken>;

export const createLoadTestToken = createRoute({
  method: 'post',
  path: '/api/v1/operator/load-test-tokens',
  operationId: 'createLoadTestToken',
  summary:
    'A token with which a load test names the addresses that its requests are counted by; in the audit',
  description: `With \`${LOAD_TEST_HEADER}: <token>\` and \`${LOAD_TEST_ADDRESS_HEADER}: <address>\` the bounds of networks count that address, and not the one that the request comes from. It changes nothing else. Asked again, another token: each lives until its own end.`,
  security: operators('manager'),
  request: { headers: IdempotentHeaders, body: body(LoadTestRequest) },
  responses: {
    201: json(LoadTestToken, 'The token'),
    ...refusals('tokenMissing', 'tokenInvalid', 'tokenExpired', 'forbidden', 'addressNotAllowed'),
  },
});

/** The token is signed by the gateway once this has been written down. */
export const internalNoteLoadTestToken = createRoute({
  method: 'post',
  path: '/internal/load-test-tokens',
  operationId: 'internalNoteLoadTestToken',
  summary: 'Write into the audit that an operator asked for a load-test token',
  security: bearer('service'),
  request: { body: body(Actor.extend({ addresses, expiresAtMs: TimeMs.max(limits.timeMaxMs) })) },
  responses: { 204: { description: 'Written' }, ...refusals('tokenMissing', 'tokenInvalid') },
});
