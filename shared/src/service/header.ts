import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/**
 * What `c.req.header` gives, read where the server has it: that one tests the name and goes through all headers for each, and
 * a request asks for a dozen. Of a header that may be there only once and is there twice the first counts, as Node has it.
 * @param name in small letters; not `set-cookie`
 */
export function headerOf(c: Context<AppEnv>, name: string): string | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: { headers: IncomingHttpHeaders } };
  return incoming === undefined ? c.req.header(name) : (incoming.headers[name] as string | undefined);
}
