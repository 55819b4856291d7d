import type { OpenAPIHono } from '@hono/zod-openapi';
import { createLoadTestToken } from '@onsale/shared/http/load-tests';
import type { AppEnv } from '@onsale/shared/service/env';
import { signToken } from '@onsale/shared/tokens/hmac';
import { requireAllowed } from './load-test.ts';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** Load-test tokens. Written down before they are signed: killed in between, nobody has the token. */
export function addLoadTests(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core, ring, clock } = needs;
  app.openapi(createLoadTestToken, async (c) => {
    const { addresses, ttlMs } = c.req.valid('json');
    requireAllowed(addresses);
    const asOfMs = clock();
    const named = { addresses, expiresAtMs: asOfMs + ttlMs };
    await core.noteLoadTestToken(actorOf(c, needs), named);
    const loadTestToken = signToken(ring, 'loadTest', named);
    return c.json({ loadTestToken, ...named, asOfMs }, 201, { 'cache-control': 'no-store' });
  });
}
