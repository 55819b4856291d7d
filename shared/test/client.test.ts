import { expect, expectTypeOf, test } from 'vitest';
import { clientOver, type Received, type Sent, Undocumented } from '../src/client.ts';
import { Refusal } from '../src/errors.ts';
import { createHold, getHold, type Hold, releaseHold } from '../src/http/holds.ts';
import { type Joined, joinLine } from '../src/http/line.ts';

const hold: Hold = {
  holdId: '00000000-0000-8000-8000-000000000000',
  eventId: 'club-night',
  state: 'held',
  tickets: [],
  totalMinor: 0,
  currency: 'EUR',
  expiresAtMs: 1,
  serverTimeMs: 1,
};
const params = { eventId: 'club-night' };
const ask = {
  params,
  token: 't',
  headers: { 'idempotency-key': 'k' },
  body: { tierId: 'floor', quantity: 2 },
};

/** A client of a server that answers so, and what was sent. */
function client(status: number, body: unknown) {
  const sent: Sent[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const call = clientOver(async (one): Promise<Received> => {
    sent.push(one);
    return { status, headers: { etag: 'e' }, text };
  });
  return { call, sent };
}
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

test('[API-11] what is sent is what the contract says, and the answer is of its type', async () => {
  const { call, sent } = client(201, { ...hold, later: 'a field that a newer server has' });
  const answer = await call(createHold, ask);
  expect(answer).toEqual({ status: 201, body: hold, headers: { etag: 'e' } });
  expectTypeOf(answer.status).toEqualTypeOf<201>();
  expectTypeOf(answer.body).toEqualTypeOf<Hold>();
  expect(sent).toEqual([
    {
      method: 'POST',
      path: '/api/v1/events/club-night/holds',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer t',
        'content-type': 'application/json',
        'idempotency-key': 'k',
      },
      body: '{"tierId":"floor","quantity":2}',
    },
  ]);
});

test('[API-11] two good statuses are told apart, and an answer without a body has none', async () => {
  const joined = await client(200, '')
    .call(joinLine, { params })
    .catch((error: unknown) => error);
  expect(joined).toBeInstanceOf(Undocumented);
  const released = await client(204, '').call(releaseHold, { params: { holdId: hold.holdId }, token: 't' });
  expect(released).toEqual({ status: 204, body: undefined, headers: { etag: 'e' } });
  const call = client(201, '').call;
  expectTypeOf<Awaited<ReturnType<typeof call<typeof joinLine>>>>().toEqualTypeOf<
    | { readonly status: 200; readonly body: Joined; readonly headers: Received['headers'] }
    | { readonly status: 201; readonly body: Joined; readonly headers: Received['headers'] }
  >();
});

test('[API-11] what the contract needs, the compiler asks for', () => {
  const { call } = client(201, hold);
  const wrong = (): unknown[] => [
    // @ts-expect-error no Idempotency-Key
    call(createHold, { ...ask, headers: {} }),
    // @ts-expect-error no token
    call(createHold, { ...ask, token: undefined }),
    // @ts-expect-error no such parameter
    call(getHold, { params, token: 't' }),
    // @ts-expect-error a quantity in words
    call(createHold, { ...ask, body: { tierId: 'floor', quantity: 'two' } }),
    // @ts-expect-error nothing at all
    call(getHold),
  ];
  expect(wrong).toBeTypeOf('function');
});

test('[API-11] a parameter is one part of the path, whatever is in it; one that is missing is never sent', async () => {
  const { call, sent } = client(200, hold);
  await thrownBy(call(getHold, { params: { holdId: '../a b?c#d' }, token: 't' }));
  expect(sent[0]!.path).toBe('/api/v1/holds/..%2Fa%20b%3Fc%23d');
  const nothing = { params: {} as { holdId: string }, token: 't' };
  expect(await thrownBy(call(getHold, nothing))).toBeInstanceOf(TypeError);
  expect(sent).toHaveLength(1);
});

test('[API-11] a refusal of the contract is thrown as one, with all that it says', async () => {
  const given = new Refusal('notEnough', { free: 4, held: 2, offer: { quantity: 4, together: true } });
  const thrown = await thrownBy(client(409, given.toProblem('request-1')).call(createHold, ask));
  expect(thrown).toBeInstanceOf(Refusal);
  expect((thrown as Refusal).toProblem()).toEqual(given.toProblem());
});

test.each([
  ['a status that the route has not', 418, {}],
  ['no JSON', 201, '<html>'],
  ['another form', 201, { ...hold, totalMinor: -1 }],
  ["a proxy's own page", 503, '<html>'],
  ['a code that the route has not', 404, new Refusal('orderUnknown').toProblem()],
  ['a code under the status of another', 404, new Refusal('soldOut').toProblem()],
  ['a code that nobody has', 404, { ...new Refusal('eventUnknown').toProblem(), code: 'whatever' }],
])('[API-11] %s is no answer', async (_, status, body) => {
  const thrown = await thrownBy(client(status, body).call(createHold, ask));
  expect(thrown).toBeInstanceOf(Undocumented);
  expect((thrown as Undocumented).answer?.status).toBe(status);
});
