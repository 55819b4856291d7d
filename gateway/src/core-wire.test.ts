import { createServer, type Socket } from 'node:net';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { openCoreWire } from './core-wire.ts';

const get = { method: 'GET', path: '/events', headers: {} };
const post = {
  method: 'POST',
  path: '/holds',
  headers: { 'idempotency-key': 'k', 'content-type': 'application/json' },
  body: '{}',
};
const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A core of bytes: every request that arrives is told to `answer`, with how many came before on all connections. */
async function core(answer: (socket: Socket, nth: number) => void) {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (data) => {
      for (const line of data.toString().match(/(GET|POST) \/\S+/g) ?? []) {
        requests.push(line);
        answer(socket, requests.length);
      }
    });
  });
  const stop = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  closing.push(stop);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, requests, sockets, stop, server, port };
}

const refused = async (asked: Promise<unknown>): Promise<Refusal> => {
  const outcome = await asked.catch((error: unknown) => error);
  if (outcome instanceof Refusal) return outcome;
  throw new Error('was not refused', { cause: outcome });
};

test('[API-10] a core that takes the request and says nothing is away when the time is over, for reading and writing', async () => {
  const { url, requests } = await core(() => {});
  const wire = openCoreWire(url, { timeoutMs: 200 });
  const outcomes = await Promise.all([refused(wire(get)), refused(wire(post))]);
  for (const { code, extra } of outcomes) {
    expect(code).toBe('unavailable');
    expect(extra.retryAfterMs).toBe(limits.coreRetryAfterMs);
  }
  expect(requests).toHaveLength(2);
});

test('[API-10] an answer that drips in never outlives its time, though no silence is long', async () => {
  const { url } = await core((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  expect((await refused(openCoreWire(url, { timeoutMs: 300 })(get))).code).toBe('unavailable');
});

test('[API-10] a core that dies in the middle of its answer is away, and the write is not sent again', async () => {
  const { url, requests } = await core((socket) => {
    socket.end('HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{"hold');
  });
  expect((await refused(openCoreWire(url)(post))).code).toBe('unavailable');
  expect(requests).toEqual(['POST /holds']);
});

test('[API-10] a kept connection that closes under a request: a GET is asked again, a write is not, key or no key', async () => {
  const { url, requests } = await core((socket, nth) => {
    // The first answer leaves the connection open; the next request on it meets a core that closes.
    if (nth % 2 === 1) socket.write(ok);
    else socket.destroy();
  });
  const wire = openCoreWire(url, { connections: 1 });
  expect((await wire(get)).text).toBe('{}');
  expect((await wire(get)).text).toBe('{}');
  expect(requests).toEqual(['GET /events', 'GET /events', 'GET /events']);

  const { code, extra } = await refused(wire(post));
  expect([code, extra.retryAfterMs]).toEqual(['unavailable', limits.coreRetryAfterMs]);
  expect(requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('[API-10] a GET is asked again once, not for ever', async () => {
  const { url, requests } = await core((socket) => void socket.destroy());
  expect((await refused(openCoreWire(url)(get))).code).toBe('unavailable');
  expect(requests).toHaveLength(2);
});

test('[API-10] an answer that is too large is not read to its end', async () => {
  let closed = false;
  const { url } = await core((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', pour).on('close', () => {
      closed = true;
    });
    pour();
  });
  expect((await refused(openCoreWire(url)(get))).code).toBe('unavailable');
  await until(() => closed, { what: 'the connection is closed' });
});

test('[API-10] no more connections than allowed, no more requests than may wait, and what waited too long is never sent', async () => {
  const { url, requests, sockets } = await core(() => {});
  const wire = openCoreWire(url, { connections: 2, requestsMax: 4, timeoutMs: 1_500 });
  const asked = Array.from({ length: 4 }, () => refused(wire(post)));
  const further = await refused(wire(post));
  expect([further.code, further.extra.retryAfterMs]).toEqual(['overloaded', limits.coreRetryAfterMs]);
  await until(() => requests.length === 2, { what: 'two requests' });
  expect(sockets.size).toBe(2);

  expect((await Promise.all(asked)).map(({ code }) => code)).toEqual(Array(4).fill('unavailable'));
  // The two that waited for a connection have one now, and are not sent on it: what comes next is the first to be.
  const next = refused(wire(get));
  await until(() => requests.length === 3, { what: 'a third request' });
  expect(requests[2]).toBe('GET /events');
  await next;
});

test('[API-10] a core that is not there is away at once, and back as soon as it is', async () => {
  const { url, stop, port, server } = await core((socket) => void socket.write(ok));
  const wire = openCoreWire(url);
  expect((await wire(post)).status).toBe(200);
  stop();
  await until(() => !server.listening, { what: 'the core is gone' });
  // Refused by the machine there, not given up after a wait.
  for (const { code, cause } of [await refused(wire(post)), await refused(wire(post))])
    expect([code, (cause as NodeJS.ErrnoException).code]).toEqual(['unavailable', 'ECONNREFUSED']);

  const again = createServer((socket) => socket.on('data', () => void socket.write(ok)));
  closing.push(() => again.close());
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
  expect((await wire(get)).text).toBe('{}');
});
