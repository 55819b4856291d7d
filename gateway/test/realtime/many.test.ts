import type { ServerMessage } from '@onsale/shared/socket';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshRedis } from '../../../test/redis.ts';
import { until } from '../../../test/until.ts';
import { bearer, type Door, EVENT, hmacKey, openDoor, passKey, secret } from '../door.ts';

/** Three gateways behind one Redis, with one set of keys. */
let doors: readonly [Door, Door, Door];
beforeEach(async () => {
  const shared = {
    space: freshRedis(),
    hmacKeys: hmacKey('k1'),
    passKeys: [passKey('p1')],
    placeKey: secret(),
  };
  doors = [await openDoor(shared), await openDoor(shared), await openDoor(shared)];
});
afterEach(async () => {
  for (const door of doors) expect(door.faults).toEqual([]);
  for (const door of doors) await door.close();
});

const placesIn = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((message) => {
    if (message.type === 'place') return [message.place];
    return message.type === 'status' && message.status.state === 'waiting' ? [message.status.place!] : [];
  });
const statesIn = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) => (message.type === 'status' ? [message.status.state] : []));

test('[LINE-54] a fan joins at one gateway, listens at another, and is moved by a request at the third', async () => {
  const [first, second, third] = doors;
  await first.setRoom({ paused: true });
  const fans = [];
  for (let count = 0; count < 3; count += 1) fans.push(await first.join());
  await first.tick();
  const { messages } = second.listen({ v: 1, placeToken: fans[2]!.placeToken });
  await until(() => placesIn(messages).at(-1) === 3, { what: 'the place at the other gateway' });

  // Somebody before him leaves at the third; he leaves there himself.
  const leave = (placeToken: string) =>
    third.call(`/api/v1/events/${EVENT}/line/me`, { method: 'DELETE', headers: bearer(placeToken) });
  await leave(fans[0]!.placeToken);
  await until(
    async () => {
      await first.tick();
      return placesIn(messages).at(-1) === 2;
    },
    { what: 'a place less' },
  );
  await leave(fans[2]!.placeToken);
  await until(
    async () => {
      await first.tick();
      return messages.some((message) => message.type === 'problem' || statesIn(messages).includes('over'));
    },
    { what: 'that he is not in the line' },
  );
  expect(placesIn(messages)).toEqual([3, 2]);
});

test('[LINE-53] hundreds come back at once: everyone hears his exact place, nobody is refused, and Redis is asked a few times', async () => {
  const [first, second] = doors;
  await first.setRoom({ paused: true });
  const tokens: string[] = [];
  for (let count = 0; count < 300; count += 1) tokens.push((await first.join()).placeToken);
  await first.tick();

  const asked: number[] = [];
  const standings = second.line.standings.bind(second.line);
  second.line.standings = (eventId, places) => {
    asked.push(places.length);
    return standings(eventId, places);
  };
  const heard = tokens.map((placeToken) => second.listen({ v: 1, placeToken }));
  await until(() => heard.every(({ messages }) => messages.length > 0), { what: 'everybody is back' });

  expect(heard.flatMap(({ refused }) => refused)).toEqual([]);
  heard.forEach(({ messages }, at) => void expect(placesIn(messages)[0]).toBe(at + 1));
  expect(asked.reduce((sum, places) => sum + places, 0)).toBeGreaterThanOrEqual(300);
  expect(asked.length).toBeLessThan(150);
});

test('[LINE-50] a look at a room where nothing is new is one command, and reads no snapshot', async () => {
  const [first, second] = doors;
  await first.setRoom({ paused: true });
  await first.join();
  await first.tick();
  const read = await second.needs.rooms.anew(EVENT);
  expect(read.snapshot).toBeDefined();
  const commands: string[] = [];
  const monitor = await first.redis.duplicate({ enableOfflineQueue: true, lazyConnect: false }).monitor();
  monitor.on('monitor', (_time: string, [command, ...args]: string[], source: string) => {
    // Others test on the same Redis.
    if (!args.some((arg) => arg.includes(first.space.prefix))) return;
    commands.push(`${source === 'lua' ? 'in a script: ' : ''}${command!.toLowerCase()}`);
  });
  const again = await second.needs.rooms.anew(EVENT);
  await until(() => commands.includes('in a script: getrange'), { what: 'the look is seen' });
  monitor.disconnect();
  expect(commands).toEqual(['evalsha', 'in a script: get', 'in a script: getrange']);
  expect(again.snapshot).toBe(read.snapshot);
  expect(again.room).toBe(read.room);
});
