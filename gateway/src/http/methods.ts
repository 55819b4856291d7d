import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { type AppEnv, problemOf } from '@onsale/shared/service/app';
import { methodNotAllowed } from 'hono/method-not-allowed';

/** A known path with another method is told which methods it takes. */
export function addMethodCheck(app: OpenAPIHono<AppEnv>): void {
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const response = problemOf(c, new Refusal('methodNotAllowed'));
        response.headers.set('allow', methods.join(', '));
        return response;
      },
    }),
  );
}
