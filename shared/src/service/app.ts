import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { limits } from '../limits.ts';

/** What every request carries through our handlers. */
export type AppEnv = { Variables: { requestId: string } };

/** Called with what was not expected; the client learns the request id and nothing else. */
export type Report = (fault: unknown, about: { requestId: string; method: string; route: string }) => void;

const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;

/**
 * An app whose every failure is a problem of the closed list: validation, unknown routes, bodies too large or of another
 * type, refusals, and faults of our own (reported, answered as `internal`).
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
      if (result.success) return;
      const missingKey = result.target === 'header' && c.req.header('idempotency-key') === undefined;
      throw new Refusal(missingKey ? 'idempotencyKeyMissing' : 'malformed', {
        issues: result.error.issues.slice(0, 20).map((issue) => ({
          path: [result.target, ...issue.path].join('.'),
          message: issue.message,
        })),
      });
    },
  });

  app.use(async (c, next) => {
    const given = trustRequestId ? c.req.header('x-request-id') : undefined;
    c.set('requestId', given !== undefined && REQUEST_ID.test(given) ? given : newId());
    // Before the answer is made: a header put on it afterwards takes the server off its fast path.
    c.header('x-request-id', c.get('requestId'));
    await next();
  });
  app.use(limitBody(bodyMaxBytes));
  app.use(requireJson);

  app.notFound((c) => problemOf(c, new Refusal('routeUnknown')));
  app.onError((fault, c) => {
    const error = explain(fault);
    if (error instanceof Refusal) return problemOf(c, error);
    if (error instanceof HTTPException && error.status < 500) {
      return problemOf(c, new Refusal(error.status === 413 ? 'bodyTooLarge' : 'malformed'));
    }
    report(error, { requestId: c.get('requestId'), method: c.req.method, route: c.req.routePath });
    return problemOf(c, new Refusal('internal'));
  });
  return app;
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
  return async (c, next) => {
    const length = c.req.header('content-length');
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    if (Number(length) > maxSize) tooLarge();
    await next();
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
async function requireJson(c: Context<AppEnv>, next: () => Promise<void>): Promise<void> {
  const type = c.req.header('content-type');
  const length = c.req.header('content-length');
  // The server gives every DELETE and POST a body to read: whether one was sent, the headers say.
  const sent = length === undefined ? c.req.header('transfer-encoding') !== undefined : length !== '0';
  const hasBody = sent || (type !== undefined && c.req.raw.body !== null);
  if (hasBody && !/^application\/json\b/i.test(type ?? '')) throw new Refusal('mediaType');
  await next();
}
