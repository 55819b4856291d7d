import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from '@onsale/shared/errors';
import { afterAll, expect, test } from 'vitest';
import { coreClient } from './core-client.ts';
import { placeOf, roomOf } from './line/test/fixture.ts';

let answer: { status: number; text: string } = { status: 200, text: '' };
const seen: { method: string | undefined; url: string | undefined; token: string | undefined }[] = [];
const server = createServer((request, response) => {
  seen.push({ method: request.method, url: request.url, token: request.headers.authorization });
  request.resume().on('end', () => response.writeHead(answer.status).end(answer.text));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const core = coreClient(url, 'secret');
afterAll(() => void server.close());

const answers = (status: number, body: unknown): void => {
  answer = { status, text: typeof body === 'string' ? body : JSON.stringify(body) };
};
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => new Error('was answered'),
    (thrown: Error) => thrown,
  );
  return error instanceof Refusal ? error.code : String(error);
};
const batch = {
  batch: 1,
  epoch: 1,
  takenAtMs: 1,
  reason: 'rate' as const,
  places: [1, 2].map((fan) => ({
    place: placeOf(fan),
    turn: 1,
    order: fan,
    lane: 'general' as const,
    back: false,
  })),
};

test('[API-6] the service token goes along, and an answer as agreed is given', async () => {
  answers(200, roomOf('a'));
  expect(await core.room('a')).toEqual(roomOf('a'));
  expect(seen.at(-1)).toEqual({ method: 'GET', url: '/internal/rooms/a', token: 'Bearer secret' });
  answers(204, '');
  expect(await core.patchEvent('a', { actor: 'somebody' }, { holdTtlMs: 5_000 })).toBeUndefined();
});

test.each([
  ['an answer of another form', 200, { eventId: 'a' }],
  ['no JSON', 200, '<html>'],
  ['a fault of the core', 500, { code: 'internal' }],
  ['a refused service token', 401, new Refusal('tokenInvalid').toProblem()],
])('[API-2] %s is a core that is away', async (_, status, body) => {
  answers(status, body);
  expect(await codeOf(core.room('a'))).toBe('unavailable');
});

test('[API-1] what the core refuses for the caller is refused to the caller', async () => {
  answers(404, new Refusal('eventUnknown').toProblem('request-1'));
  expect(await codeOf(core.stock('a'))).toBe('eventUnknown');
});

test('[ADM-3] a batch of which a place is missing in the answer is not recorded', async () => {
  answers(200, { places: [{ place: placeOf(1), turn: 1, outcome: 'new' }] });
  expect(await codeOf(core.recordBatch('a', batch))).toBe('unavailable');
  answers(200, { places: batch.places.map(({ place, turn }) => ({ place, turn, outcome: 'already' })) });
  expect((await core.recordBatch('a', batch)).places).toHaveLength(2);
});

test('[API-1] nobody listens: away', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await codeOf(core.rooms())).toBe('unavailable');
});
