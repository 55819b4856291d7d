import type { OpenAPIHono } from '@hono/zod-openapi';
import { askOrderLinks } from '@onsale/shared/http/order-links';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/env';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** The same answer after the same work whether the address has orders or not: that is looked up when the mail is sent. */
export function addOrderLinkRoutes(app: OpenAPIHono<AppEnv>, db: Db): void {
  app.openapi(askOrderLinks, async (c) => {
    const { email } = c.req.valid('json');
    await sql`select ask_order_links(${email}, ${limits.orderLinksSpanMs})`.execute(db);
    return c.body(null, 202);
  });
}
