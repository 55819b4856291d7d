import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Taken } from '@onsale/shared/service/app';
import type { AppEnv } from '@onsale/shared/service/env';
import { routePath } from 'hono/route';

export type OnRequest = (about: { method: string; route: string; status: number; seconds: number }) => void;

/** The app as the server calls it. */
export type Fetch = (request: Request, env: object) => Promise<Response>;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']);

/**
 * The app, every answer of it measured under its route's template; what no route took, or was refused before any, is
 * `none`.
 */
export function measured(app: OpenAPIHono<AppEnv>, onRequest: OnRequest): Fetch {
  return async (request, env) => {
    const began = performance.now();
    const response = await app.fetch(request, env as AppEnv);
    onRequest({
      // A method is any word of the client's: only ours make a series.
      method: METHODS.has(request.method) ? request.method : 'other',
      route: routeOf(env),
      status: response.status,
      seconds: (performance.now() - began) / 1000,
    });
    return response;
  };
}

function routeOf({ taken }: Taken): string {
  const route = taken === undefined ? '' : routePath(taken, -1);
  return route === '' || route.includes('*') ? 'none' : route;
}
