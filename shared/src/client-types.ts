import type { RouteConfig } from '@hono/zod-openapi';
import type { z } from 'zod';

/** A route of the contracts (`shared/src/http`). */
export type Route = Omit<RouteConfig, 'responses'> & { responses: object };

/** A part that asks for nothing may be left out. */
type Field<Name extends string, T> =
  Record<never, never> extends T ? { [K in Name]?: T } : { [K in Name]: T };

type Asked<R, Part extends string> = R extends { request: { [K in Part]: infer S extends z.ZodType } }
  ? Field<Part, z.input<S>>
  : unknown;
type Body<R> = R extends {
  request: {
    body: {
      required: infer Required extends boolean;
      content: { 'application/json': { schema: infer S extends z.ZodType } };
    };
  };
}
  ? Required extends true
    ? { body: z.input<S> }
    : { body?: z.input<S> }
  : unknown;
/** A route that anybody may call may know more of who has a token (joining the line). */
type Token<R> = R extends { security: readonly object[] } ? { token: string } : { token?: string };

/** What a route is asked with; `token` goes as Bearer. */
export type Input<R extends Route> = Asked<R, 'params'> &
  Asked<R, 'query'> &
  Asked<R, 'headers'> &
  Body<R> &
  Token<R> & { signal?: AbortSignal };

/** Statuses of answers that are no refusal. */
type Good = 200 | 201 | 202 | 204 | 304;
type BodyOf<A> = A extends { content: { 'application/json': { schema: infer S extends z.ZodType } } }
  ? z.output<S>
  : undefined;

/** A good answer, told apart by its status. */
export type AnswerOf<R extends Route> = {
  [S in keyof R['responses'] & Good]: {
    readonly status: S;
    readonly body: BodyOf<R['responses'][S]>;
    readonly headers: Received['headers'];
  };
}[keyof R['responses'] & Good];

/** One request as it goes over the wire. */
export interface Sent {
  /** In capitals. */
  readonly method: string;
  /** With its query, if any. */
  readonly path: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Carries one request to the server and its answer back, whole. What it throws when it cannot, the caller gets. */
export type Transport = (sent: Sent, signal: AbortSignal | undefined) => Promise<Received>;

/** The input of a call; none where the route asks for nothing. */
export type Asking<R extends Route> = Record<never, never> extends Input<R> ? [Input<R>?] : [Input<R>];

/**
 * Asks a route.
 * @throws Refusal with the code the server refused with; Undocumented; whatever the transport throws
 */
export type Call = <R extends Route>(route: R, ...input: Asking<R>) => Promise<AnswerOf<R>>;
