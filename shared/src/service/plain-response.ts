import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';

/**
 * An answer whose headers are written in one piece. A header that is set by itself, before the others are known, takes Node off
 * its fast way of writing them: of twelve headers 4.2 µs instead of 2.2. What is to be on an answer, whatever it will be, is put
 * into `early` instead.
 */
export class PlainResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** Names in small letters; what the answer itself says of one of them counts. */
  early: Record<string, string> | undefined;

  override writeHead(statusCode: number, ...rest: unknown[]): this {
    const { early } = this;
    if (early === undefined) return super.writeHead(statusCode, ...(rest as [OutgoingHttpHeaders]));
    this.early = undefined;
    const [headers] = rest;
    const plain = headers === undefined || (typeof headers === 'object' && !Array.isArray(headers));
    if (plain && rest.length <= 1 && this.getHeaderNames().length === 0) {
      return super.writeHead(statusCode, Object.assign(early, headers));
    }
    for (const [name, value] of Object.entries(early)) if (!this.hasHeader(name)) this.setHeader(name, value);
    return super.writeHead(statusCode, ...(rest as [OutgoingHttpHeaders]));
  }
}

/** Puts headers on the answer that is to come, before anything is known of it. */
export function putEarly(
  response: Pick<ServerResponse, 'setHeader'>,
  headers: Readonly<Record<string, string>>,
): void {
  if (response instanceof PlainResponse) response.early = Object.assign(response.early ?? {}, headers);
  else for (const name in headers) response.setHeader(name, headers[name]!);
}
