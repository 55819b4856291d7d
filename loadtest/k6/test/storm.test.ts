import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../../../test/until.ts';
import { seeded } from '../../crowd/random.ts';
import { Listener } from '../lib/storm/listener.ts';

vi.mock('k6/websockets', () => import('./k6-stand-in.ts'));
vi.mock('k6/timers', () => import('./k6-stand-in.ts'));

const ROOM = { state: 'open', waiting: 9 };
const waiting = (place: number) => ({
  type: 'status',
  status: { state: 'waiting', place, room: ROOM, asOfMs: 0, serverTimeMs: 0 },
});

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

/** A gateway that says what the test says: a place to everyone who comes, or that there is no room now. */
async function startServer() {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  const sockets: Socket[] = [];
  const said = { place: 7, refuse: 0 };
  io.use((_, next) => {
    said.refuse -= 1;
    const data = { code: 'overloaded', retryAfterMs: 30 };
    next(said.refuse >= 0 ? Object.assign(new Error('overloaded'), { data }) : undefined);
  });
  io.on('connection', (socket) => {
    sockets.push(socket);
    socket.emit('line', waiting(said.place));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    sockets,
    said,
    stop: () => io.close(),
  };
}

function listener() {
  const told = {
    again: [] as Array<number | undefined>,
    back: [] as string[],
    spread: [] as number[],
    lost: 0,
    turns: [] as string[],
    wronged: [] as string[],
  };
  const one = new Listener(
    { url: server.url, headers: {}, placeToken: 'place', random: seeded(1) },
    {
      again: (_, cutMs) => told.again.push(cutMs),
      back: (fault) => told.back.push(fault),
      spread: (afterMs) => told.spread.push(afterMs),
      lost: () => {
        told.lost += 1;
      },
      turn: ({ state }) => told.turns.push(state),
      wronged: (fault) => told.wronged.push(fault),
    },
  );
  one.dial();
  return { one, told };
}

test('[RUN-46] who is cut off is told again on his new connection, once; a place that moved back is seen', async () => {
  const { one, told } = listener();
  await until(() => one.isTold, { what: 'the first status' });
  expect(told.again).toEqual([undefined]);

  one.cut();
  expect(one.isTold).toBe(false);
  server.said.place = 5;
  one.dial();
  await until(() => one.isTold, { what: 'the second' });
  expect(told.again).toEqual([undefined, expect.any(Number)]);
  expect(told).toMatchObject({ back: [], lost: 0 });

  one.cut();
  server.said.place = 6;
  one.dial();
  await until(() => told.back.length > 0, { what: 'that the place moved back' });
  expect(told.back).toEqual(['a place moved back: 5 was shown, then exactly 6']);
  one.finish();
});

test('[RUN-46] who is told when to come back, or that there is no room now, keeps to it; who is cut without a word comes back too', async () => {
  const { one, told } = listener();
  await until(() => one.isTold, { what: 'the first status' });
  const [first] = server.sockets;
  const leftAtMs = performance.now();
  first!.emit('line', { type: 'reconnect', afterMs: 200 });
  await until(() => server.sockets.length === 2 && one.isTold, { what: 'the connection after it' });
  expect(performance.now() - leftAtMs).toBeGreaterThanOrEqual(200);
  expect(told).toMatchObject({ spread: [200], lost: 0 });

  server.said.refuse = 2;
  server.sockets[1]!.conn.close();
  await until(() => server.sockets.length === 3 && one.isTold, { what: 'the third connection' });
  expect(told).toMatchObject({ lost: 3, back: [], wronged: [] });

  server.sockets[2]!.emit('line', { type: 'status', status: { state: 'offered', pass: 'x', room: ROOM } });
  await until(() => told.turns.length > 0, { what: 'his turn' });
  one.finish();
  expect(one.isDone).toBe(true);
});
