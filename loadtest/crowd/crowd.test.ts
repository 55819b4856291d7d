import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from '@onsale/shared/errors';
import { examples } from '@onsale/shared/http/examples';
import type { Joined } from '@onsale/shared/http/line';
import { afterEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { type CrowdResult, runCrowd } from './crowd.ts';
import type { CrowdInput } from './options.ts';
import { seeded } from './random.ts';

type Answer = { status: number; body: object };
/** What a sale that lies answers to each request, told apart by `METHOD path` and how often it was asked. */
type Lies = (request: string, times: number) => Answer;

/** As the contract's own example of a waiting fan, but for what this one is told. */
const { status: example } = examples.joinLine!.answered![201] as z.infer<typeof Joined>;
const waiting = (place: number, state = 'open') => ({
  ...example,
  eventId: 'gig',
  room: { ...example.room, state },
  place,
  ahead: place - 1,
});
/** As the gateway's are, but for its signature. */
const tokenOf = (stay: { order: number; epoch: number }): string =>
  `place.k1.${Buffer.from(JSON.stringify({ turn: 1, lane: 'general', ...stay })).toString('base64url')}.mac`;
const joined = (place: number, stay = { order: 5, epoch: 1 }) => ({
  status: 201,
  body: { placeToken: tokenOf(stay), status: waiting(place) },
});
const told = { status: 200, body: waiting(1, 'soldOut') };
const JOIN = 'POST /api/v1/events/gig/line';

describe('the crowd sees what a sale does wrong', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => server?.close(resolve)));

  async function crowdOf(lies: Lies, options: Partial<CrowdInput> = {}): Promise<CrowdResult> {
    const asked = new Map<string, number>();
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const name = `${request.method} ${request.url}`;
      asked.set(name, (asked.get(name) ?? 0) + 1);
      const { status, body } = lies(name, asked.get(name)!);
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return runCrowd({ url, event: 'gig', fans: 1, arrivalMs: 0, poll: 1, rejoin: 0, ...options });
  }

  const faultsOf = ({ faults }: CrowdResult): string[] => faults.map(({ fault }) => fault);

  test('an honest end is an end', async () => {
    const result = await crowdOf((request) => (request === JOIN ? joined(5) : told), { fans: 3 });
    expect(result).toMatchObject({ ok: true, faults: [], endings: { toldSoldOut: 3 } });
    expect(result.latencies.join!.count).toBe(3);
  });

  test.each([
    ['a status that no route has', { status: 418, body: {} }, /^joinLine: 418: the status is not documented/],
    [
      'a shape that is not the contract',
      { status: 201, body: { placeToken: 1 } },
      /^joinLine: 201: the answer breaks/,
    ],
    [
      'a code that this route does not have',
      { status: 409, body: new Refusal('holdExpired').toProblem() },
      /^joinLine: 409: holdExpired is not documented/,
    ],
  ])('%s', async (_, answer, fault) => {
    const result = await crowdOf(() => answer);
    expect(result).toMatchObject({ ok: false, endings: { wronged: 1 } });
    expect(faultsOf(result)).toEqual([expect.stringMatching(fault)]);
  });

  test('[LINE-4] a place that moves back', async () => {
    const result = await crowdOf((request, times) => {
      if (request === JOIN) return joined(5);
      return times === 1 ? { status: 200, body: waiting(9) } : told;
    });
    expect(result.ok).toBe(false);
    expect(faultsOf(result)).toEqual(['a place moved back: 5 was shown, then exactly 9']);
  });

  const rejoining = (again: { order: number; epoch: number }) =>
    crowdOf(
      (request, times) => {
        if (request === JOIN) return joined(5, times === 1 ? undefined : again);
        return times < 4 ? { status: 200, body: waiting(5) } : told;
      },
      { rejoin: 1 },
    );

  test('[LINE-1] two stays of one fan', async () => {
    const result = await rejoining({ order: 6, epoch: 1 });
    expect(result.ok).toBe(false);
    expect(faultsOf(result)).toEqual(['joining twice gave two stays in the line']);
  });

  test('[LINE-30] a token of the next life of the line is of the same stay', async () => {
    expect(await rejoining({ order: 5, epoch: 2 })).toMatchObject({ ok: true, faults: [] });
  });

  test('silence until the end', async () => {
    const result = await crowdOf(() => joined(5), { withinMs: 300, poll: 0 });
    expect(result).toMatchObject({ ok: false, endings: { unanswered: 1 } });
  });
});

test('a crowd is not sent to another machine by accident', async () => {
  const elsewhere = { url: 'https://example.com', event: 'gig', fans: 1 };
  await expect(runCrowd(elsewhere)).rejects.toThrow(/not an address of this machine/);
});

test('the same seed makes the same fans', () => {
  const of = (seed: number, fan: number) => Array.from({ length: 3 }, seeded(seed, fan));
  expect(of(1, 2)).toEqual(of(1, 2));
  const firsts = new Set([of(1, 2), of(2, 1), of(1, 3), of(2, 2)].map(([first]) => first));
  expect(firsts.size).toBe(4);
});
