import type { OpenAPIHono } from '@hono/zod-openapi';
import { type Example, examples } from '../http/examples.ts';
import type { AppEnv } from './env.ts';
import { addReference } from './reference.ts';

/** Who has which token. A document has those that its operations ask for. */
const schemes: Readonly<Record<string, string>> = {
  place: 'Place token, from joining the line',
  session: "Shopper's session, from the claim at the gateway",
  order: 'Order token, from creating the order',
  operator: "Operator's token, of the named role or a higher one: viewer, desk, manager",
  service: 'Token of our own processes',
};

/** What a reader looks for together, in the order of a sale. No path is of two. */
const tags: ReadonlyArray<readonly [tag: string, of: RegExp, description: string]> = [
  ['Events', /^\/api\/v1\/events(\/[^/]+(\/sections(\/[^/]+)?)?)?$/, 'What is sold, and what is left of it.'],
  [
    'Waiting room',
    /^\/api\/v1\/events\/[^/]+\/(room|line|claim|session)|^\/\.well-known\//,
    'The line of an event, and its end: a session.',
  ],
  ['Holds', /^\/api\/v1\/(events\/[^/]+\/)?holds/, 'Tickets reserved for one shopper.'],
  ['Orders', /^\/api\/v1\/(orders|order-links|payment-options)/, 'Buying a hold, and the tickets.'],
  ['Payment providers', /^\/api\/v1\/webhooks\//, 'What providers call.'],
  ['Operators', /^\/api\/v1\/operator\//, 'The desk: rooms, stock, holds, orders, the door.'],
  ['Internal', /^\/internal\//, 'Between our own processes.'],
];

/** What tells one document from another. */
export interface Head {
  readonly title: string;
  readonly description: string;
  /** Where it is served; absent: where the document was read. */
  readonly server?: string;
}

type Document = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

/**
 * `GET /openapi.json`: OpenAPI 3.1, made from the routes that stand on the app when it is first asked for; `GET /reference`
 * to read it.
 * @param swaggerUi one file of the package swagger-ui-dist
 */
export function addOpenApi(app: OpenAPIHono<AppEnv>, head: Head, swaggerUi: (name: string) => string): void {
  let document: Document | undefined;
  app.get('/openapi.json', (c) => {
    document ??= documentOf(app, head);
    return c.json(document, 200, { 'cache-control': 'public, max-age=300' });
  });
  addReference(app, { title: head.title, read: swaggerUi });
}

function documentOf(app: OpenAPIHono<AppEnv>, { title, description, server }: Head): Document {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description: `${description}\n\n${errorsText}`,
    },
    servers: [{ url: server ?? '/' }],
  });
  const used = { tags: new Set<string>(), schemes: new Set<string>() };
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of Object.values(item) as Operation[]) {
      operation.tags ??= tags.filter(([, of]) => of.test(path)).map(([tag]) => tag);
      // Said, and not only left out: anybody may call it.
      operation.security ??= [];
      exemplify(operation, examples[operation.operationId ?? '']);
      for (const tag of operation.tags) used.tags.add(tag);
      for (const scheme of operation.security.flatMap(Object.keys)) used.schemes.add(scheme);
    }
  }
  document.tags = tags
    .filter(([tag]) => used.tags.has(tag))
    .map(([name, , said]) => ({ name, description: said }));
  document.components = {
    ...document.components,
    securitySchemes: Object.fromEntries(
      [...used.schemes].map((name) => [
        name,
        { type: 'http', scheme: 'bearer', description: schemes[name] ?? name },
      ]),
    ),
  };
  return document;
}

type Media = { content?: Record<string, { examples?: object }> };
interface Operation {
  operationId?: string;
  tags?: string[];
  security?: object[];
  requestBody?: Media;
  responses?: Record<string, Media>;
}

/** Puts the examples of the main journey where a reader looks for them. */
function exemplify({ requestBody, responses }: Operation, example: Example | undefined): void {
  const asked = requestBody?.content?.['application/json'];
  if (asked !== undefined && example?.asked !== undefined) asked.examples = example.asked;
  for (const [status, value] of Object.entries(example?.answered ?? {})) {
    const answer = responses?.[status]?.content?.['application/json'];
    if (answer !== undefined) answer.examples = { answer: { value } };
  }
}

const errorsText =
  'Every error is one RFC 9457 problem, `application/problem+json`. Each operation lists the codes that it may be refused with; what they say and what to do about them is [in one place](/reference/errors). Any request may be told `routeUnknown` or `methodNotAllowed`.';
