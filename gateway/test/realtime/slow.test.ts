import type { ServerMessage } from '@onsale/shared/socket';
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

test('[LINE-5] a slow socket gets the latest state once it can take it, and no pile of what came before', async () => {
  await door.setRoom({ paused: true });
  const { placeToken, status } = await door.join();
  if (status.state !== 'waiting') throw new Error('not waiting');
  const standingOf = async (place: string) => (await door.line.standing(EVENT, place))!;
  const { place, buyer } = JSON.parse(Buffer.from(placeToken.split('.')[2]!, 'base64url').toString()) as {
    place: string;
    buyer: string;
  };
  const { transport, messages, socket } = socketOf();
  const watched: Watched = {
    socket,
    fan: { eventId: EVENT, place, buyer },
    standing: await standingOf(place),
    shownPlace: 1,
    toldAtMs: 0,
    readAtMs: Number.POSITIVE_INFINITY,
  };
  const echo = new RoomEcho(EVENT, { ...door.needs, onPush: () => {} });
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

test('[LINE-4] the nearer a place to the front, the more often it is told', () => {
  const cadences = [1, 200, 201, 1_000, 1_001, 10_000, 10_001, 1_000_000].map(cadenceMs);
  expect(cadences).toEqual([...cadences].sort((a, b) => a - b));
  expect(cadences[0]).toBe(0);
});
