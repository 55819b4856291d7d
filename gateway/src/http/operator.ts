import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import { mayAct, type OperatorRole } from '@onsale/shared/roles';
import type { AppEnv } from '@onsale/shared/service/env';
import { type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';
import { routePath } from 'hono/route';

/** Who operates. @throws Refusal tokenMissing, tokenInvalid, tokenExpired */
export function operatorOf(
  c: Context<AppEnv>,
  { ring, nowMs }: { ring: Keyring; nowMs: number },
): TokenPayload<'operator'> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  return verifyToken(ring, 'operator', token, nowMs);
}

/**
 * Refuses before anything else of the request is looked at: who is no operator, or not one of the route's role, learns
 * nothing, not even what is malformed. The role is read off the route's own document; a route without one lets nobody in.
 */
export function operatorsOnly(
  app: OpenAPIHono<AppEnv>,
  { ring, clock }: { ring: Keyring; clock: () => number },
): void {
  let roles: ReadonlyMap<string, OperatorRole> | undefined;
  app.use('/api/v1/operator/*', async (c, next) => {
    const { role } = operatorOf(c, { ring, nowMs: clock() });
    // Routes are added after this, so their roles are read when the first of them is asked for.
    roles ??= rolesOf(app);
    const path = routePath(c, -1);
    const needed = roles.get(`${c.req.method === 'HEAD' ? 'get' : c.req.method.toLowerCase()} ${path}`);
    const isRoute = !path.includes('*');
    if (isRoute && (needed === undefined || !mayAct(role, needed))) throw new Refusal('forbidden');
    await next();
  });
}

/** The role of each operators' route, by method and path as Hono writes it. */
function rolesOf(app: OpenAPIHono<AppEnv>): ReadonlyMap<string, OperatorRole> {
  const routes = app.openAPIRegistry.definitions.flatMap((one) => (one.type === 'route' ? [one.route] : []));
  return new Map(
    routes.flatMap(({ method, path, security }) => {
      const role = security?.[0]?.operator?.[0] as OperatorRole | undefined;
      return role === undefined ? [] : [[`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, role] as const];
    }),
  );
}

/** Who asks, for the audit. */
export const actorOf = (c: Context<AppEnv>, { ring, clock }: { ring: Keyring; clock: () => number }) => ({
  actor: operatorOf(c, { ring, nowMs: clock() }).name,
  requestId: c.get('requestId'),
});
