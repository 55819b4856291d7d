import { createRoute } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { Refusal } from '../src/errors.ts';
import { refusals } from '../src/http/common.ts';
import { createApp } from '../src/service/app.ts';

test('[API-13] a refusal that the document of its route does not name is answered, and reported', async () => {
  const faults: unknown[] = [];
  const app = createApp((fault, about) => faults.push([String(fault), about.route]));
  const route = createRoute({
    method: 'get',
    path: '/things/{id}',
    operationId: 'getThing',
    responses: { 204: { description: 'There' }, ...refusals('orderUnknown') },
  });
  app.openapi(route, (c) => {
    throw new Refusal(c.req.param('id') === 'a' ? 'orderUnknown' : 'soldOut');
  });
  const codeOf = async (path: string) => ((await (await app.request(path)).json()) as { code: string }).code;

  expect(await codeOf('/things/a')).toBe('orderUnknown');
  expect(await codeOf('/nothing')).toBe('routeUnknown');
  expect(faults).toEqual([]);
  expect(await codeOf('/things/b')).toBe('soldOut');
  expect(faults).toEqual([[expect.stringContaining('soldOut'), '/things/:id']]);
});
