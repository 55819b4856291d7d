import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, expect, test, vi } from 'vitest';
import { type Door, hmacKey, openDoor, secret } from '../../../gateway/test/door.ts';
import { freshRedis } from '../../../test/redis.ts';
import { until } from '../../../test/until.ts';
import type { ServerMessage } from '../lib/contract.ts';
import { type Connection, connect } from '../lib/socket-io.ts';

vi.mock('k6/websockets', () => import('./k6-stand-in.ts'));

const undo: Array<() => Promise<unknown> | unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A connection of the library, and everything it was told. */
function listen(url: string, auth: object, headers: Record<string, string> = {}) {
  const heard = {
    events: [] as Array<[string, unknown]>,
    refused: [] as unknown[],
    lost: [] as string[],
  };
  const connection: Connection = connect(url, auth, headers, {
    onEvent: (name, data) => heard.events.push([name, data]),
    onRefused: (data) => heard.refused.push(data),
    onLost: (why) => heard.lost.push(why),
  });
  undo.push(() => connection.close());
  return { ...heard, connection };
}

/** A Socket.IO server that pings all the time, and cuts who does not answer. */
async function hastyServer() {
  const http = createServer();
  const io = new Server(http, { pingInterval: 30, pingTimeout: 2_000, transports: ['websocket'] });
  const sockets: Socket[] = [];
  const requests: IncomingMessage[] = [];
  io.on('connection', (socket) => {
    requests.push(socket.request);
    sockets.push(socket);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  undo.push(() => io.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, sockets, requests };
}

async function realDoor(options: Parameters<typeof openDoor>[0] = {}): Promise<Door> {
  const door = await openDoor(options);
  undo.push(() => door.close());
  await door.setRoom({ paused: true });
  return door;
}

const messagesOf = (events: ReadonlyArray<[string, unknown]>): ServerMessage[] =>
  events.map(([name, data]) => {
    expect(name).toBe('line');
    return data as ServerMessage;
  });

test('[RUN-48] the library hears of the real gateway what its fan is to hear: the status at once, then what changes', async () => {
  const door = await realDoor();
  const ahead = await door.join();
  const { placeToken } = await door.join();
  const { events, refused, lost } = listen(door.url, { v: 1, placeToken });
  await until(() => events.length > 0, { what: 'the status' });
  expect(messagesOf(events)[0]).toMatchObject({ type: 'status', status: { state: 'waiting', place: 2 } });

  await door.call('/api/v1/events/club-night/line/me', {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ahead.placeToken}` },
  });
  await until(
    async () => {
      await door.tick();
      return messagesOf(events).some((message) => message.type === 'place' && message.place === 1);
    },
    { what: 'the place in front' },
  );
  await door.setRoom();
  await until(
    async () => {
      await door.tick();
      return messagesOf(events).some(
        (message) => message.type === 'status' && message.status.state === 'offered',
      );
    },
    { what: 'the offer' },
  );
  expect({ refused, lost }).toEqual({ refused: [], lost: [] });
});

test('[RUN-48] a CONNECT that is refused is told with the problem, once, and is not a lost connection', async () => {
  const door = await realDoor();
  const { placeToken } = await door.join();
  const cases = [
    [{ v: 1, placeToken: `${placeToken.slice(0, -6)}forged` }, 'tokenInvalid'],
    [{ v: 2, placeToken }, 'malformed'],
  ] as const;
  for (const [auth, code] of cases) {
    const { refused, events, lost } = listen(door.url, auth);
    await until(() => refused.length > 0, { what: `the refusal ${code}` });
    expect(refused).toMatchObject([{ code }]);
    // The server is asked again, and by then would have told more.
    const other = listen(door.url, { v: 1, placeToken });
    await until(() => other.events.length > 0, { what: 'a good one beside it' });
    expect({ events, lost, refused: refused.length }).toEqual({ events: [], lost: [], refused: 1 });
  }
});

test('[RUN-48] a gateway that goes says when to come back, the connection is told to be lost, and a new one begins with the exact status', async () => {
  const shared = { space: freshRedis(), placeKey: secret(), hmacKeys: hmacKey('k1') };
  const door = await realDoor(shared);
  const { placeToken } = await door.join();
  const first = listen(door.url, { v: 1, placeToken });
  await until(() => first.events.length > 0, { what: 'the status' });
  const other = await openDoor(shared);
  undo.push(() => other.stop());
  await door.stop();
  await until(() => first.lost.length > 0, { what: 'the end of the connection' });
  expect(messagesOf(first.events).at(-1)).toMatchObject({ type: 'reconnect', afterMs: expect.any(Number) });
  expect(first.lost).toHaveLength(1);

  const again = listen(other.url, { v: 1, placeToken });
  await until(() => again.events.length > 0, { what: 'the status at the other gateway' });
  expect(messagesOf(again.events)[0]).toMatchObject({ type: 'status', status: { place: 1 } });
});

test('[RUN-48] pings are answered: a server that cuts the silent keeps the connection', async () => {
  const { url, sockets, requests } = await hastyServer();
  const { events, lost } = listen(url, { v: 1 }, { 'x-forwarded-for': '10.1.2.3' });
  await until(() => sockets.length === 1, { what: 'the connection' });
  expect(requests[0]!.headers['x-forwarded-for']).toBe('10.1.2.3');
  let pongs = 0;
  sockets[0]!.conn.on('packet', ({ type }: { type: string }) => {
    if (type === 'pong') pongs += 1;
  });
  // Many more than it takes to be cut for not answering one.
  await until(() => pongs >= 10, { what: 'ten answers' });
  sockets[0]!.emit('line', { still: 'here' });
  await until(() => events.length > 0, { what: 'an event after them' });
  expect(lost).toEqual([]);
});

test('[RUN-48] binary packets are let pass, a message in several frames is one, many in one segment are many', async () => {
  const { url, sockets } = await hastyServer();
  const { events, lost } = listen(url, {});
  await until(() => sockets.length === 1, { what: 'the connection' });
  const socket = sockets[0]!;
  socket.emit('line', Buffer.from([1, 2, 3]));
  socket.emit('line', { number: 1, picture: Buffer.alloc(10) });
  // The engine's own WebSocket, which alone can part a message.
  const { socket: raw } = socket.conn.transport as unknown as {
    socket: { send(text: string, options: { fin: boolean }): void };
  };
  const text = `42${JSON.stringify(['line', { long: 'ä'.repeat(5_000) }])}`;
  for (let at = 0; at < text.length; at += 1_000) {
    raw.send(text.slice(at, at + 1_000), { fin: at + 1_000 >= text.length });
  }
  for (let number = 0; number < 100; number += 1) socket.emit('line', { number });
  socket.emit('line');

  await until(() => events.length === 102, { what: 'all of them' });
  expect(events[0]).toEqual(['line', { long: 'ä'.repeat(5_000) }]);
  expect(events.slice(1, 101)).toEqual(Array.from({ length: 100 }, (_, number) => ['line', { number }]));
  expect(events[101]).toEqual(['line', undefined]);
  expect(lost).toEqual([]);
});

test('[RUN-48] a connection that ends is told once, however it ends; one that is closed is not', async () => {
  const { url, sockets } = await hastyServer();
  const ends: Array<(socket: Socket) => void> = [
    (socket) => socket.disconnect(),
    (socket) => socket.disconnect(true),
    (socket) => socket.conn.close(),
    (socket) => (socket.conn.transport as unknown as { socket: { terminate(): void } }).socket.terminate(),
  ];
  for (const end of ends) {
    const { lost } = listen(url, {});
    await until(() => sockets.length > 0, { what: 'the connection' });
    end(sockets.pop()!);
    await until(() => lost.length > 0, { what: 'its end' });
    expect(lost).toHaveLength(1);
  }
  const { lost, connection } = listen(url, {});
  await until(() => sockets.length > 0, { what: 'the connection' });
  const closed = new Promise((resolve) => sockets[0]!.on('disconnect', resolve));
  connection.close();
  await closed;
  expect(lost).toEqual([]);

  const nobody = listen('http://127.0.0.1:1', {});
  await until(() => nobody.lost.length > 0, { what: 'that nobody is there' });
  expect(nobody.lost).toHaveLength(1);
});

test('[RUN-48] who hangs up while the connection is being made waits for nothing, and hears nothing of it', async () => {
  const { url, sockets } = await hastyServer();
  const { connection, events, refused, lost } = listen(url, {});
  connection.close();
  const nobody = listen('http://127.0.0.1:1', {});
  nobody.connection.close();

  const beside = listen(url, {});
  await until(() => sockets.length === 1, { what: 'one that was made after it' });
  sockets[0]!.emit('line', {});
  await until(() => beside.events.length === 1, { what: 'what it hears' });
  expect(sockets).toHaveLength(1);
  expect({ events, refused, lost, nobody: nobody.lost }).toEqual({
    events: [],
    refused: [],
    lost: [],
    nobody: [],
  });
});
