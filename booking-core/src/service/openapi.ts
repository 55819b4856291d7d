import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '@onsale/shared/service/app';

const schemes = {
  session: "Shopper's session, from the claim at the gateway",
  order: 'Order token, from creating the order',
} as const;

/** `GET /openapi.json`: OpenAPI 3.1, made from the routes that stand on the app when it is first asked for. */
export function addOpenApi(app: OpenAPIHono<AppEnv>): void {
  for (const [name, description] of Object.entries(schemes)) {
    app.openAPIRegistry.registerComponent('securitySchemes', name, {
      type: 'http',
      scheme: 'bearer',
      description,
    });
  }
  let document: ReturnType<typeof app.getOpenAPI31Document> | undefined;
  app.get('/openapi.json', (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Onsale booking core', version: '1', description: 'Events, holds, orders, payments.' },
    });
    return c.json(document, 200);
  });
}
