import type { ServerMessage } from '@onsale/shared/socket';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { cadenceMs } from '../../src/realtime/cadence.ts';
import { RoomEcho } from '../../src/realtime/room-echo.ts';
import type { FanSocket, Watched } from '../../src/realtime/watched.ts';
import { type Door, EVENT, openDoor } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

/** The two facts of a socket that the echo looks at, and what it was given. */
function socketOf() {
  const transport = { writable: true };
  const messages: ServerMessage[] = [];
  const socket = {
    connected: true,
    conn: { transport },
    emit: (_: string, message: ServerMessage) => messages.push(message),
  };
  return { transport, messages, socket: socket as unknown as FanSocket };
}

/** What the echo keeps of a socket whose fan waits where the token says. */
async function watchedOf(placeToken: string, socket: FanSocket): Promise<Watched> {
  const { place, buyer } = verifyToken(door.needs.ring, 'place', placeToken, Date.now());
  return {
    socket,
    fan: { eventId: EVENT, place, buyer },
    standing: (await door.line.standing(EVENT, place))!,
    knownIn: 0,
    shownPlace: Number.POSITIVE_INFINITY,
    toldAtMs: 0,
    outlook: undefined,
    pace: 1,
    readAtMs: Number.POSITIVE_INFINITY,
    seenAtMs: 0,
  };
}

const echoOf = (): RoomEcho =>
  new RoomEcho(EVENT, {
    ...door.needs,
    send: (to, message) => to.forEach(({ socket }) => void socket.emit('line', message)),
    onPush: () => {},
  });

test('[LINE-52] two hundred sockets that take nothing keep nobody waiting, get no pile, and at last the latest state', async () => {
  await door.setRoom({ paused: true });
  const fans = [];
  for (let count = 0; count < 20; count += 1) fans.push(await door.join());
  const echo = echoOf();
  const deaf = Array.from({ length: 200 }, socketOf);
  const { messages, socket } = socketOf();
  echo.add(await watchedOf(fans[19]!.placeToken, socket));
  for (const [at, one] of deaf.entries()) {
    one.transport.writable = false;
    echo.add(await watchedOf(fans[at % 19]!.placeToken, one.socket));
  }
  for (const policy of [{ paused: true }, { paused: false, ratePerMinute: 0 }, { ratePerMinute: 60_000 }]) {
    await door.setRoom(policy);
    await door.tick();
    await echo.look();
  }
  expect(deaf.flatMap((one) => one.messages)).toEqual([]);
  expect(messages.length).toBeGreaterThan(1);

  for (const one of deaf) one.transport.writable = true;
  await until(
    async () => {
      await echo.look();
      return deaf.every((one) => one.messages.length > 0);
    },
    { what: 'the latest state of everyone' },
  );
  for (const one of deaf) {
    expect(one.messages).toHaveLength(1);
    expect(one.messages[0]).toMatchObject({
      type: 'status',
      status: { room: { state: 'open', version: 4 } },
    });
  }
});

test('[LINE-5] a slow socket gets the latest state once it can take it, and no pile of what came before', async () => {
  await door.setRoom({ paused: true });
  const { placeToken, status } = await door.join();
  if (status.state !== 'waiting') throw new Error('not waiting');
  const { transport, messages, socket } = socketOf();
  const watched = { ...(await watchedOf(placeToken, socket)), shownPlace: 1 };
  const echo = echoOf();
  echo.add(watched);
  await echo.look();

  transport.writable = false;
  for (const policy of [{ open: false }, { paused: true }, {}, { paused: true }, {}]) {
    await door.setRoom(policy);
    await door.tick();
    await echo.look();
  }
  expect(messages).toEqual([]);

  transport.writable = true;
  await until(
    async () => {
      await echo.look();
      return messages.length > 0;
    },
    { what: 'the latest state' },
  );
  await echo.look();
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    type: 'status',
    status: { state: 'offered', room: { state: 'open' } },
  });
});

test('[LINE-51] who is told the same is sent the same once, and nobody is told anything again before his time', async () => {
  await door.setRoom({ paused: true });
  for (let count = 0; count < 1_500; count += 1) {
    await door.line.join(EVENT, Buffer.from(`place-${count}`.padEnd(16)).toString('base64url').slice(0, 22));
  }
  const sent: Array<{ sockets: number; place: number }> = [];
  const echo = new RoomEcho(EVENT, {
    ...door.needs,
    send: (to, message) => {
      if (message.type === 'place') sent.push({ sockets: to.length, place: message.place });
    },
    onPush: () => {},
  });
  // Two tabs of each of six fans, on the places 1,501 to 1,506; every eighth place is sampled, and the last.
  for (let fan = 0; fan < 6; fan += 1) {
    const { placeToken } = await door.join();
    for (const { socket } of [socketOf(), socketOf()]) echo.add(await watchedOf(placeToken, socket));
  }
  await door.tick();
  await echo.look();
  expect(sent).toEqual([
    { sockets: 6, place: 1_503 },
    { sockets: 2, place: 1_504 },
    { sockets: 2, place: 1_505 },
    { sockets: 2, place: 1_506 },
  ]);

  // Everybody moves up, and nobody is due: behind the first thousand a place is told every three seconds.
  for (let count = 0; count < 100; count += 1) {
    const place = Buffer.from(`place-${count}`.padEnd(16)).toString('base64url').slice(0, 22);
    await door.line.leave(EVENT, place, 'left');
  }
  await door.tick();
  await echo.look();
  expect(sent).toHaveLength(4);
});

test('[LINE-51] the nearer a place to the front, the more often it is told', () => {
  const cadences = [1, 200, 201, 1_000, 1_001, 10_000, 10_001, 1_000_000].map(cadenceMs);
  expect(cadences).toEqual([...cadences].sort((a, b) => a - b));
  expect(cadences[0]).toBe(0);
});
