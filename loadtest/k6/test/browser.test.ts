import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '@onsale/shared/errors';
import { Server } from 'socket.io';
import { expect, onTestFinished, test } from 'vitest';
import { howToGetK6, k6Binary } from '../../../bin/stack/k6-binary.ts';
import { describeWithK6 } from '../../../test/k6.ts';

const lib = join(import.meta.dirname, '..', 'lib');

/** Two fans in one virtual user, one after the other: each joins, and asks for a hold. */
const script = `
import { fanOf } from ${JSON.stringify(join(lib, 'fan.ts'))};
export const options = { vus: 1, iterations: 2 };
export default async function () {
  const { api } = fanOf(__ITER);
  await api.ask('join');
  await api.ask('hold', { token: 'session', body: { tierId: 'general', quantity: 1 } });
}
`;

type Asked = Pick<IncomingMessage, 'url' | 'headers'> & { body: string };

/** Runs a script in the real k6. @param url the sale */
async function inK6(text: string, url: string, env: Record<string, string> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-k6-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'fans.ts'), text);
  const program = k6Binary();
  if (program === undefined) throw new Error(howToGetK6());
  const k6 = spawn(program, ['run', '--quiet', '--no-usage-report', join(folder, 'fans.ts')], {
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', ONSALE_URL: url, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  k6.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [status] = await once(k6, 'exit');
  expect(status, said).toBe(0);
  return said;
}

/** Runs it against a sale that answers so. @returns the requests that the sale got. */
async function requestsOf(
  answer: (asked: Asked) => { status: number; body: object; headers?: Record<string, string> },
  env: Record<string, string> = {},
): Promise<Asked[]> {
  const requests: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = { url: request.url!, headers: request.headers, body };
    requests.push(asked);
    const { status, body: said, headers } = answer(asked);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await inK6(script, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, env);
  return requests;
}

const refused = (code: 'overloaded' | 'inFlight') => ({
  status: new Refusal(code).status,
  body: new Refusal(code, { retryAfterMs: 10 }).toProblem(),
});

/** Waits with a socket as line-up.ts does, and says what it was told. */
const waiter = `
import { fanOf } from ${JSON.stringify(join(lib, 'fan.ts'))};
import { waitForTurnOf } from ${JSON.stringify(join(lib, 'wait.ts'))};
export const options = { vus: 1, iterations: 1 };
export default async function () {
  const room = { state: 'open', waiting: 9 };
  const status = { state: 'waiting', place: 9, room, asOfMs: Date.now(), serverTimeMs: Date.now() };
  const told = await waitForTurnOf(fanOf(0), 'place.token', status);
  console.log('told ' + told.state + ' ' + told.pass);
}
`;

describeWithK6('fans in the real k6', () => {
  test('[RUN-42] in k6: one Idempotency-Key in every repeat and another for the next wish, cookies kept and gone with the fan', async () => {
    let fans = 0;
    const tries = new Map<string | undefined, number>();
    const requests = await requestsOf(({ url, headers }) => {
      if (url?.endsWith('/line')) {
        fans += 1;
        return {
          status: 201,
          body: {},
          headers: { 'set-cookie': `onsale_fan=fan-${fans}; Path=/; HttpOnly` },
        };
      }
      const tried = tries.get(headers.cookie) ?? 0;
      tries.set(headers.cookie, tried + 1);
      return [refused('overloaded'), refused('inFlight')][tried] ?? { status: 201, body: {} };
    });
    const joins = requests.filter(({ url }) => url === '/api/v1/events/club-night/line');
    const holds = requests.filter(({ url }) => url === '/api/v1/events/club-night/holds');
    expect(joins).toHaveLength(2);
    // A browser that was never here has no cookie, though the same virtual user was a fan before.
    expect(joins.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);

    for (const cookie of ['onsale_fan=fan-1', 'onsale_fan=fan-2']) {
      const ofHim = holds.filter(({ headers }) => headers.cookie === cookie);
      expect(ofHim).toHaveLength(3);
      expect(new Set(ofHim.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect(new Set(ofHim.map(({ body }) => body)).size).toBe(1);
    }
    const wishes = requests.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(wishes).size).toBe(4);
    expect(new Set(requests.map(({ headers }) => headers['x-forwarded-for'])).size).toBe(2);
  });

  test('[RUN-42] in k6: with a load-test token fans say by it where they come from, and not as a proxy', async () => {
    const requests = await requestsOf(() => ({ status: 201, body: {} }), {
      ONSALE_LOAD_TEST_TOKEN: 'loadTest.k1.token',
      ONSALE_LOAD_TEST_ADDRESSES: '198.18.0.0/15',
    });
    expect(requests).toHaveLength(4);
    for (const { headers } of requests) {
      expect(headers['x-onsale-load-test']).toBe('loadTest.k1.token');
      expect(headers['x-onsale-load-test-address']).toMatch(/^198\.1[89]\.\d+\.\d+$/);
      expect(headers['x-forwarded-for']).toBeUndefined();
    }
  });

  test('[RUN-42] in k6: a socket that is cut, refused for now or told to come back is made again, and the turn is heard', async () => {
    const room = { state: 'open', waiting: 9 };
    const common = { room, asOfMs: 0, serverTimeMs: 0 };
    const messages = [
      { v: 1, type: 'place', place: 8 },
      { v: 1, type: 'reconnect', afterMs: 5 },
      { v: 1, type: 'status', status: { ...common, state: 'offered', pass: 'the-pass' } },
    ];
    const handshakes: object[] = [];
    const server = createServer();
    const sockets = new Server(server, { transports: ['websocket'] });
    sockets.use((socket, next) => {
      handshakes.push(socket.handshake.auth);
      if (handshakes.length > 1) return next();
      next(
        Object.assign(new Error('overloaded'), {
          data: new Refusal('overloaded', { retryAfterMs: 5 }).toProblem(),
        }),
      );
    });
    sockets.on('connection', (socket) => {
      const message = messages.shift()!;
      socket.emit('line', message);
      if (message.type === 'place') socket.conn.close();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      await sockets.close();
    });
    const said = await inK6(waiter, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(said).toContain('told offered the-pass');
    // Refused, cut, told to come back, and told that it is his turn; each time with his place.
    expect(handshakes).toEqual(Array(4).fill({ v: 1, placeToken: 'place.token' }));
  });
});
