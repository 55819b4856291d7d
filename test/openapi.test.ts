import { randomUUID } from 'node:crypto';
import { clientOver, type Route, type Sent } from '@onsale/shared/client';
import { Problem, problemCodes, problems, Refusal } from '@onsale/shared/errors';
import { examples } from '@onsale/shared/http/examples';
import { routes } from '@onsale/shared/http/routes';
import { deviceOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { openSale, SERVICE_TOKEN, type TestSale } from '../booking-core/test/sale.ts';
import { type Door, EVENT, openDoor } from '../gateway/test/door.ts';

type Answers = Record<
  string,
  {
    description: string;
    content?: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }>;
  }
>;
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Array<Record<string, string[]>>;
  parameters?: Array<{ name: string; in: string; required?: boolean; schema: Schema }>;
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Answers;
}
interface Document {
  openapi: string;
  info: { title: string; description: string };
  servers: Array<{ url: string }>;
  tags: Array<{ name: string; description: string }>;
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, object>; schemas: Record<string, object> };
}
interface Served {
  document: Document;
  ask: (path: string, init?: RequestInit) => Promise<Response>;
  ring: Keyring;
  /** One that is there. */
  eventId: string;
}

let sale: TestSale;
let door: Door;
const served: Record<string, Served> = {};

beforeAll(async () => {
  [sale, door] = await Promise.all([openSale(), openDoor()]);
  await door.setRoom();
  const onSale = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const { publicApp, internalApp } = sale.cores[0]!;
  const places = {
    gateway: [door.call, door.needs.ring],
    core: [async (path: string, init?: RequestInit) => publicApp.request(path, init), sale.ring],
    internal: [async (path: string, init?: RequestInit) => internalApp.request(path, init), sale.ring],
  } as const;
  for (const [name, [ask, ring]] of Object.entries(places)) {
    const document = (await (await ask('/openapi.json')).json()) as Document;
    served[name] = { document, ask, ring, eventId: name === 'gateway' ? EVENT : onSale };
  }
});
afterAll(async () => {
  await Promise.all([sale?.close(), door?.close()]);
});

const operationsOf = ({ document }: Served) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const known = Object.values(routes) as Route[];

describe.each(['gateway', 'core', 'internal'])('the document of %s', (name) => {
  const place = (): Served => served[name]!;

  test('[API-13] is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(
      structuredClone(place().document) as unknown as Record<string, unknown>,
    );
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(place().document.openapi).toBe('3.1.0');
  });

  test('[API-13] every operation says what it is called, what it does, where it belongs and who may call it', () => {
    const { document } = place();
    const lacking = operationsOf(place()).flatMap(({ path, method, operation }) => {
      const { operationId, summary, tags, security } = operation;
      const faults = [
        ...(operationId ? [] : ['no operationId']),
        ...(summary ? [] : ['no summary']),
        ...(tags.length === 1 && document.tags.some((tag) => tag.name === tags[0]) ? [] : ['no tag']),
        ...(Array.isArray(security) ? [] : ['no security']),
        ...security.flatMap(Object.keys).filter((scheme) => !(scheme in document.components.securitySchemes)),
      ];
      return faults.map((fault) => `${method} ${path}: ${fault}`);
    });
    expect(lacking).toEqual([]);
    const ids = operationsOf(place()).map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('[API-13] everything that is sent is bounded: every text, list and number of a request', () => {
    const { document } = place();
    const resolve = (schema: Schema): Schema =>
      schema.$ref === undefined
        ? schema
        : resolve(document.components.schemas[schema.$ref.split('/').at(-1)!] as Schema);
    const unbounded = operationsOf(place()).flatMap(({ path, method, operation }) => {
      const parts: Array<[string, Schema]> = [
        ...(operation.parameters ?? []).map((one): [string, Schema] => [one.name, one.schema]),
        ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }): [string, Schema] => [
          '',
          schema,
        ]),
      ];
      return parts
        .flatMap(([at, schema]) => boundlessIn(schema, at, resolve))
        .map((at) => `${method} ${path}: ${at}`);
    });
    expect(unbounded).toEqual([]);
  });

  test('[API-11] [API-8] the client knows every operation, and asks it where the document says', async () => {
    for (const { path, method, operation } of operationsOf(place())) {
      const route = known.find(({ operationId }) => operationId === operation.operationId);
      expect(route, `${operation.operationId} is in no file of shared/src/http/routes.ts`).toBeDefined();
      expect([route!.method, route!.path]).toEqual([method, path]);
      let sent: Sent | undefined;
      const params = Object.fromEntries(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => [one, `of-${one}`]),
      );
      const refusal = new Refusal('internal').toProblem();
      const call = clientOver(async (one) => {
        sent = one;
        return { status: 500, headers: {}, text: JSON.stringify(refusal) };
      }) as (route: Route, input: object) => Promise<unknown>;
      await expect(call(route!, { params })).rejects.toThrow(problems.internal.title);
      expect(sent?.path).toBe(path.replace(/\{(\w+)\}/g, 'of-$1'));
    }
  });

  test('[API-13] [API-1] whatever a wrong request is refused with is written down for that operation', async () => {
    const undocumented: string[] = [];
    for (const { path, method, operation } of operationsOf(place())) {
      const heard = new Set<string>();
      for (const [wrong, at, init] of wrongRequests(place(), path, method, operation)) {
        const response = await place().ask(at, init);
        const says = `${operation.operationId}, ${wrong}: ${response.status}`;
        if (response.status < 400) continue;
        const problem = Problem.safeParse(await response.json());
        if (!problem.success) undocumented.push(`${says}: no problem`);
        else if (!codesOf(operation, response.status).includes(problem.data.code))
          undocumented.push(`${says} ${problem.data.code}`);
        else heard.add(problem.data.code);
      }
      // A request that is wrong was told so, and a token is asked for exactly where the document says.
      if (method !== 'get' && !heard.has('bodyTooLarge'))
        undocumented.push(`${operation.operationId}: takes any body`);
      if (heard.has('tokenMissing') !== operation.security.length > 0)
        undocumented.push(`${operation.operationId}: security is not what it does`);
    }
    expect(undocumented).toEqual([]);
  });

  test('[API-13] every code is explained in one place, and an example of its operations', async () => {
    expect(place().document.info.description).toContain('(/reference/errors)');
    const explained = await (await place().ask('/reference/errors')).text();
    for (const code of problemCodes) {
      expect(explained).toContain(`<dt id="${code}">`);
      expect(explained).toContain(problems[code].title.replace('<', '&lt;'));
    }
    for (const { operation } of operationsOf(place())) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        const shown = answer.content!['application/problem+json']!.examples!;
        for (const [code, { value }] of Object.entries(shown)) {
          expect(value).toEqual(new Refusal(code as keyof typeof problems).toProblem());
          expect(answer.description).toContain(`\`${code}\``);
        }
      }
    }
  });
});

test('[API-8] every contract is served by one of the three ports, under an id of its own', () => {
  const ids = new Set(
    Object.values(served)
      .flatMap(operationsOf)
      .map(({ operation }) => operation.operationId),
  );
  expect(known.map(({ operationId }) => operationId).sort()).toEqual([...ids].sort());
});

test('[API-13] the documents can be told apart', () => {
  const heads = Object.values(served).map(({ document }) => document.info);
  expect(new Set(heads.map(({ title }) => title)).size).toBe(3);
  expect(new Set(heads.map(({ description }) => description)).size).toBe(3);
  expect(served.gateway!.document.servers).toEqual([{ url: door.needs.publicUrl }]);
});

test('[API-13] the main journey has examples, and they are of the form that they show', () => {
  const shown = operationsOf(served.gateway!).filter(({ operation }) => examples[operation.operationId]);
  expect(shown).toHaveLength(Object.keys(examples).length);
  for (const { operation } of shown) {
    const route = known.find(({ operationId }) => operationId === operation.operationId)!;
    const { asked = {}, answered = {} } = examples[operation.operationId]!;
    const content = (part: unknown): z.ZodType =>
      (part as { content: { 'application/json': { schema: z.ZodType } } }).content['application/json'].schema;
    for (const { value } of Object.values(asked)) content(route.request!.body).parse(value);
    for (const [status, value] of Object.entries(answered)) {
      content((route.responses as Record<string, unknown>)[status]).parse(value);
      expect(operation.responses[status]!.content!['application/json']!.examples).toEqual({
        answer: { value },
      });
    }
  }
});

const codesOf = (operation: Operation, status: number): string[] =>
  Object.keys(operation.responses[status]?.content?.['application/problem+json']?.examples ?? {});

interface Schema {
  $ref?: string;
  type?: string | string[];
  [key: string]: unknown;
}

/** Where a schema lets through a text, list or number of any size. */
function boundlessIn(given: Schema, at: string, resolve: (schema: Schema) => Schema): string[] {
  const schema = resolve(given);
  const several = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as Schema[] | undefined;
  if (several !== undefined) return several.flatMap((one) => boundlessIn(one, at, resolve));
  const type = [schema.type].flat().find((one) => one !== 'null');
  const fixed = schema.enum !== undefined || schema.const !== undefined;
  if (type === 'object') {
    return Object.entries((schema.properties ?? {}) as Record<string, Schema>).flatMap(([name, one]) =>
      boundlessIn(one, `${at}.${name}`, resolve),
    );
  }
  if (type === 'array') {
    const items = boundlessIn(schema.items as Schema, `${at}[]`, resolve);
    return schema.maxItems === undefined ? [`${at}: a list`, ...items] : items;
  }
  if (type === 'string') {
    const bounded =
      fixed || schema.maxLength !== undefined || schema.format === 'uuid' || endsBounded(schema.pattern);
    return bounded ? [] : [`${at}: a text`];
  }
  if (type === 'integer' || type === 'number') return schema.maximum === undefined ? [`${at}: a number`] : [];
  return [];
}

/** A pattern of the whole text with no open repetition in it. */
const endsBounded = (pattern: unknown): boolean =>
  typeof pattern === 'string' &&
  /^\^.*\$$/.test(pattern) &&
  !/[*+](?!\]|[^[]*\])/.test(pattern.replaceAll(/\[[^\]]*\]/g, 'x'));

/** Requests that are wrong in one way each; what they are wrong in, their path and the rest of them. */
function* wrongRequests(
  { ring, eventId }: Served,
  path: string,
  method: string,
  { security, requestBody, parameters = [] }: Operation,
): Generator<[wrong: string, path: string, init: RequestInit]> {
  const ids: Record<string, string> = {
    eventId,
    provider: 'sandbox',
    section: 'A',
    holdId: randomUUID(),
    orderId: randomUUID(),
  };
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? randomUUID());
  const scheme = security.flatMap(Object.keys)[0];
  const token = scheme === undefined ? undefined : tokenOf(scheme, ring, ids);
  const headers: Record<string, string> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(requestBody === undefined ? {} : { 'content-type': 'application/json' }),
    ...(parameters.some(({ name }) => name === 'idempotency-key') ? { 'idempotency-key': randomUUID() } : {}),
  };
  const verb = { method: method.toUpperCase(), headers };
  const { authorization: _a, ...withoutToken } = headers;
  const { 'idempotency-key': _k, ...withoutKey } = headers;
  const large = 'x'.repeat(limits.internalBodyMaxBytes + 1);
  const mayHaveBody = verb.method !== 'GET';
  const sized = (body: string): RequestInit =>
    mayHaveBody
      ? {
          body,
          headers: { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) },
        }
      : {};

  yield [
    'as it should be, of what is not there',
    at,
    { ...verb, ...(mayHaveBody && requestBody ? { body: '{}' } : {}) },
  ];
  yield ['no token', at, { ...verb, headers: withoutToken, ...(requestBody ? { body: '{}' } : {}) }];
  yield [
    'a forged token',
    at,
    { ...verb, headers: { ...headers, authorization: `Bearer ${token ?? 'x'}x` } },
  ];
  yield [
    'a token of another kind',
    at,
    { ...verb, headers: { ...headers, authorization: `Bearer ${tokenOf('ticket', ring, ids)}` } },
  ];
  yield ['no key', at, { ...verb, headers: withoutKey, ...(requestBody ? { body: '{}' } : {}) }];
  yield ['a key too long', at, { ...verb, headers: { ...headers, 'idempotency-key': 'k'.repeat(300) } }];
  yield ['a path of nonsense', path.replace(/\{(\w+)\}/g, '%00'), verb];
  yield ['a query of nonsense', `${at}?eventId=%00&cursor=x&orderId=1`, verb];
  if (mayHaveBody) {
    yield ['no JSON', at, { ...verb, ...sized('{') }];
    yield ['another type', at, { ...verb, body: 'x', headers: { ...headers, 'content-type': 'text/plain' } }];
    yield ['too large a body', at, { ...verb, ...sized(large) }];
  }
}

function tokenOf(scheme: string, ring: Keyring, { eventId, orderId }: Record<string, string>): string {
  const place = 'p'.repeat(22);
  const expiresAtMs = Date.now() + 60_000;
  const buyer = randomUUID();
  switch (scheme) {
    case 'service':
      return SERVICE_TOKEN;
    case 'operator':
      return signToken(ring, 'operator', { name: 'olga', role: 'manager', expiresAtMs });
    case 'order':
      return signToken(ring, 'order', { order: orderId! });
    case 'session':
      return signToken(ring, 'session', {
        event: eventId!,
        place,
        turn: 1,
        buyer,
        device: deviceOf(buyer),
        expiresAtMs,
      });
    case 'place':
      return signToken(ring, 'place', { event: eventId!, place, order: 1, buyer } as never);
    default:
      return signToken(ring, 'fan', { buyer });
  }
}
