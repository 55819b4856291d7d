import type { RouteConfig } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Context } from 'hono';
import type { z } from 'zod';

/** The parameters of a path, as its route has them. @throws Refusal malformed */
export function parametersOf(c: Context<AppEnv>, { request }: RouteConfig): Record<string, string> {
  const schema = request?.params as z.ZodType<Record<string, string>> | undefined;
  const parsed = schema?.safeParse(c.req.param());
  if (parsed === undefined) return {};
  if (parsed.success) return parsed.data;
  throw new Refusal('malformed', {
    issues: parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => ({ path: ['param', ...path].join('.'), message })),
  });
}
