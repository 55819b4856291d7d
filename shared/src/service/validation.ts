import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context, Handler } from 'hono';
import type { z } from 'zod';
import { Refusal } from '../errors.ts';
import type { AppEnv } from './env.ts';
import { headerOf } from './header.ts';

type Target = 'param' | 'header' | 'json';
type Shaped = z.ZodType & { readonly shape: Readonly<Record<string, unknown>> };

/**
 * Routes of this app validate path, headers and body in one step. The library's own way is a chain of four asynchronous
 * middlewares that copy every header: a third of what a request for a hold cost the core beside the claim itself. A route
 * that also has a query or cookies keeps the library's way.
 */
export function validateInOneStep(app: OpenAPIHono<AppEnv>): void {
  const asTheLibrary = app.openapi as (route: RouteConfig, ...rest: unknown[]) => unknown;
  const inOneStep = (route: RouteConfig, ...rest: unknown[]): unknown => {
    const { request, middleware, ...untested } = route;
    if (request === undefined || request.query !== undefined || request.cookies !== undefined) {
      return asTheLibrary(route, ...rest);
    }
    const [handler, ...hooks] = rest as [Handler<AppEnv>, ...unknown[]];
    app.openAPIRegistry.registerPath(route);
    const tested = { ...untested, ...(middleware === undefined ? {} : { middleware }), hide: true };
    return asTheLibrary(tested, validated(request, handler), ...hooks);
  };
  app.openapi = inOneStep as typeof app.openapi;
}

/** The handler with its validation before it: as a middleware of its own that would be one more promise. */
function validated(request: NonNullable<RouteConfig['request']>, handler: Handler<AppEnv>): Handler<AppEnv> {
  const { params, headers } = request as { params?: Shaped; headers?: Shaped };
  const media = request.body?.content['application/json'] as { schema: z.ZodType } | undefined;
  const body = media?.schema;
  const headerNames = Object.keys(headers?.shape ?? {});
  return (c, next) => {
    if (params !== undefined) accept(c, 'param', params, c.req.param());
    if (headers !== undefined) {
      const given: Record<string, string> = {};
      for (const name of headerNames) {
        const value = headerOf(c, name);
        if (value !== undefined) given[name] = value;
      }
      accept(c, 'header', headers, given);
    }
    if (body === undefined) return handler(c, next);
    if (headerOf(c, 'content-type') !== undefined) {
      return jsonOf(c).then((given) => {
        accept(c, 'json', body, given);
        return handler(c, next);
      });
    }
    // Without a body what is validated is empty.
    accept(c, 'json', body, {});
    forgetBody(c);
    return handler(c, next);
  };
}

/** The server looks twice, by timers, after a body that nobody has read, also where none was sent. */
function forgetBody(c: Context<AppEnv>): void {
  if (headerOf(c, 'content-length') !== '0') return;
  const { incoming } = (c.env ?? {}) as { incoming?: { resume(): unknown } };
  incoming?.resume();
}

async function jsonOf(c: Context<AppEnv>): Promise<unknown> {
  try {
    const text = await c.req.text();
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refusal('malformed');
  }
}

function accept(c: Context<AppEnv>, target: Target, schema: z.ZodType, value: unknown): void {
  const result = schema.safeParse(value);
  if (!result.success) throw refusalOf(c, target, result.error);
  c.req.addValidatedData(target, result.data as object);
}

/** What a request is refused with whose part does not have the shape that the route asks for. */
export function refusalOf(
  c: Context,
  target: string,
  { issues }: { readonly issues: ReadonlyArray<Pick<z.core.$ZodIssue, 'path' | 'message'>> },
): Refusal {
  const missingKey = target === 'header' && c.req.header('idempotency-key') === undefined;
  return new Refusal(missingKey ? 'idempotencyKeyMissing' : 'malformed', {
    issues: issues.slice(0, 20).map((issue) => ({
      path: [target, ...issue.path].join('.'),
      message: issue.message,
    })),
  });
}
