import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { problemOf } from '@onsale/shared/service/app';
import type { AppEnv } from '@onsale/shared/service/env';
import { methodNotAllowed } from 'hono/method-not-allowed';

/** A known path with another method is told which methods it takes. */
export function addMethodCheck(app: OpenAPIHono<AppEnv>): void {
  const check = methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const response = problemOf(c, new Refusal('methodNotAllowed'));
      response.headers.set('allow', methods.join(', '));
      return response;
    },
  });
  // Only of what no route took: before all routes it would cost each request a promise.
  app.notFound(async (c) => {
    await check(c, async () => {
      c.res = problemOf(c, new Refusal('routeUnknown'));
    });
    return c.res;
  });
}
