import type { ServerResponse } from 'node:http';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { limits } from '../limits.ts';
import type { AppEnv } from './env.ts';
import { headerOf } from './header.ts';
import { putEarly } from './plain-response.ts';
import { refusalOf, validateInOneStep } from './validation.ts';

/** Called with what was not expected; the client learns the request id and nothing else. */
export type Report = (fault: unknown, about: { requestId: string; method: string; route: string }) => void;

/** The server's own object of one request, once a route was looked for. */
export interface Taken {
  taken?: Context<AppEnv>;
}

const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;

/**
 * An app whose every failure is a problem of the closed list: validation, unknown routes, bodies too large or of another
 * type, refusals, and faults of our own (reported, answered as `internal`). A refusal that the route's document does not name
 * is answered all the same, and reported.
 * @param trustRequestId take `x-request-id` from the caller: only where callers are ours.
 * @param bodyMaxBytes largest body that is read.
 * @param explain turns a fault of a part below (a database that is away) into the Refusal it means, or leaves it.
 */
export function createApp(
  report: Report,
  {
    trustRequestId = false,
    bodyMaxBytes = limits.bodyMaxBytes as number,
    explain = (fault: unknown): unknown => fault,
  } = {},
): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => {
      if (!result.success) throw refusalOf(c, result.target, result.error);
    },
  });
  validateInOneStep(app);

  const limited = limitBody(bodyMaxBytes);
  // One step for all of it, and no promise of its own: of every middleware and its promise each request pays a microsecond.
  app.use((c, next) => {
    const given = trustRequestId ? headerOf(c, 'x-request-id') : undefined;
    c.set('requestId', given !== undefined && REQUEST_ID.test(given) ? given : newId());
    // Before the answer is made: a header put on it afterwards takes the server off its fast path. Where there is a server,
    // at the server: an answer that has none of its own stays one piece of text.
    const { outgoing } = (c.env ?? {}) as { outgoing?: Pick<ServerResponse, 'setHeader'> };
    if (outgoing === undefined) c.header('x-request-id', c.get('requestId'));
    else putEarly(outgoing, { 'x-request-id': c.get('requestId') });
    return limited(c, () => {
      requireJson(c);
      // Whoever called the app finds there which route took the request.
      if (outgoing !== undefined) (c.env as Taken).taken = c;
      return next();
    });
  });

  const documented = codesByRoute(app);
  app.notFound((c) => problemOf(c, new Refusal('routeUnknown')));
  app.onError((fault, c) => {
    const error = explain(fault);
    if (error instanceof Refusal) {
      if (documented(c)?.has(error.code) === false) {
        const fault = new Error(`this route is refused with ${error.code}, and its document does not say so`);
        report(fault, { requestId: c.get('requestId'), method: c.req.method, route: routePath(c, -1) });
      }
      return problemOf(c, error);
    }
    if (error instanceof HTTPException && error.status < 500) {
      return problemOf(c, new Refusal(error.status === 413 ? 'bodyTooLarge' : 'malformed'));
    }
    report(error, { requestId: c.get('requestId'), method: c.req.method, route: c.req.routePath });
    return problemOf(c, new Refusal('internal'));
  });
  return app;
}

type Answer = { content?: Record<string, { examples?: object }> };

/** The codes that the documents of the app's routes name, read when the first refusal needs them; of what is no route, nothing. */
function codesByRoute(app: OpenAPIHono<AppEnv>): (c: Context<AppEnv>) => ReadonlySet<string> | undefined {
  let codes: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  return (c) => {
    codes ??= new Map(
      app.openAPIRegistry.definitions.flatMap((one) => {
        if (one.type !== 'route') return [];
        const { method, path, responses } = one.route;
        const named = Object.values(responses as Record<string, Answer>).flatMap(({ content }) =>
          Object.keys(content?.['application/problem+json']?.examples ?? {}),
        );
        return [[`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, new Set(named)]] as const;
      }),
    );
    return codes.get(`${c.req.method.toLowerCase()} ${routePath(c, -1)}`);
  };
}

/**
 * Refuses a body of more than so many bytes. One that says its length is judged by that, which Node's parser holds it to;
 * only one that does not (chunked) is counted as it is read, since touching the body makes the server build a stream for it.
 */
function limitBody(maxSize: number): MiddlewareHandler<AppEnv> {
  const tooLarge = (): never => {
    throw new Refusal('bodyTooLarge');
  };
  const counted = bodyLimit({ maxSize, onError: tooLarge });
  return (c, next) => {
    const length = headerOf(c, 'content-length');
    if (length === undefined || headerOf(c, 'transfer-encoding') !== undefined) return counted(c, next);
    if (Number(length) > maxSize) tooLarge();
    return next();
  };
}

/** The one shape of an error answer. */
export function problemOf(c: Context<AppEnv>, refusal: Refusal): Response {
  const problem = refusal.toProblem(c.get('requestId'));
  return c.newResponse(JSON.stringify(problem), refusal.status as 400, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': c.get('requestId'),
    ...(problem.retryAfterMs === undefined
      ? {}
      : { 'retry-after': String(Math.ceil(problem.retryAfterMs / 1000)) }),
  });
}

/** Refuses a body that does not say it is JSON, before validation, which would only call it malformed. */
function requireJson(c: Context<AppEnv>): void {
  const type = headerOf(c, 'content-type');
  const length = headerOf(c, 'content-length');
  // The server gives every DELETE and POST a body to read: whether one was sent, the headers say.
  const sent = length === undefined ? headerOf(c, 'transfer-encoding') !== undefined : length !== '0';
  const hasBody = sent || (type !== undefined && c.req.raw.body !== null);
  if (hasBody && !/^application\/json\b/i.test(type ?? '')) throw new Refusal('mediaType');
}
