import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '@onsale/shared/service/app';

const schemes = {
  place: 'Place token, from joining the line',
  session: "Shopper's session, from the claim",
  order: 'Order token, from creating the order',
  operator: "Operator's token",
} as const;

/** `GET /openapi.json`, made from the routes that stand on the app when it is first asked for. */
export function addOpenApi(app: OpenAPIHono<AppEnv>, publicUrl: string): void {
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
      info: {
        title: 'Onsale',
        version: '1',
        description: 'The waiting room and the booking behind it. Every error is one RFC 9457 problem.',
      },
      servers: [{ url: publicUrl }],
    });
    return c.json(document, 200, { 'cache-control': 'public, max-age=300' });
  });
}
