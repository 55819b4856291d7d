import type { OpenAPIHono } from '@hono/zod-openapi';
import { getJwks, Jwks } from '@onsale/shared/http/jwks';
import type { AppEnv } from '@onsale/shared/service/env';
import type { PassKeys } from '@onsale/shared/tokens/pass';

/** Readers keep the keys for five minutes: a new key is published that long before it signs. */
export function addJwks(app: OpenAPIHono<AppEnv>, { jwks }: PassKeys): void {
  const body = Jwks.parse(jwks);
  app.openapi(getJwks, (c) => c.json(body, 200, { 'cache-control': 'public, max-age=300' }));
}
