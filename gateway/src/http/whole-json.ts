import type { TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/**
 * An answer in one piece with its headers, as the server writes it out. `c.json` makes a `Headers` of more than one header, and
 * the server a list of that again: a tenth of what a join costs. What was set by `c.header` is not in it.
 */
export function wholeJson<T, Status extends ContentfulStatusCode>(
  body: T,
  status: Status,
  headers: Readonly<Record<string, string>>,
): Response & TypedResponse<T, Status, 'json'> {
  const all = { 'content-type': 'application/json', ...headers };
  return new Response(JSON.stringify(body), { status, headers: all }) as Response &
    TypedResponse<T, Status, 'json'>;
}
