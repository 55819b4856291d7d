import { type ServerMessage, ServerMessage as ServerMessageSchema } from '@onsale/shared/socket';
import { signToken } from '@onsale/shared/tokens/hmac';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { bearer, type Door, EVENT, hmacKey, openDoor, secret } from '../door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

const listenTo = (placeToken: string) => door.listen({ v: 1, placeToken });
const shown = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((message) => {
    if (message.type === 'place') return [message.place];
    return message.type === 'status' && message.status.state === 'waiting' && message.status.place !== null
      ? [message.status.place]
      : [];
  });
const lastStatus = (messages: readonly ServerMessage[]) =>
  messages.flatMap((message) => (message.type === 'status' ? [message.status] : [])).at(-1);
const goneTold = (messages: readonly ServerMessage[]): number =>
  messages.filter((message) => message.type === 'problem' && message.problem.code === 'placeUnknown').length;

test('[LINE-5] a socket is told at connect what asking answers, in every state', async () => {
  await door.setRoom({ capacity: 1 });
  const offered = await door.join();
  const waiting = await door.join();
  const compare = async (placeToken: string) => {
    const { messages, socket } = listenTo(placeToken);
    const told = await until(() => lastStatus(messages), { what: 'a first status' });
    const asked = await door.status(placeToken);
    expect({ ...told, serverTimeMs: 0, asOfMs: 0 }).toEqual({ ...asked, serverTimeMs: 0, asOfMs: 0 });
    socket.disconnect();
    return told.state;
  };
  expect(await compare(offered.placeToken)).toBe('offered');
  expect(await compare(waiting.placeToken)).toBe('waiting');

  if (offered.status.state !== 'offered') throw new Error('not offered');
  await door.call(`/api/v1/events/${EVENT}/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pass: offered.status.pass }),
  });
  expect(await compare(offered.placeToken)).toBe('shopping');
  await door.call(`/api/v1/events/${EVENT}/line/me`, {
    method: 'DELETE',
    headers: bearer(offered.placeToken),
  });
  expect(await compare(offered.placeToken)).toBe('over');
});

test('[LINE-4] [LINE-5] places go down without asking, never back; each turn is told within moments of its tick', async () => {
  await door.setRoom({ paused: true });
  const fans = [];
  for (let count = 0; count < 60; count += 1) fans.push(await door.join());
  await door.tick();
  const heard = fans.map(({ placeToken }) => listenTo(placeToken));
  await until(() => heard.every(({ messages }) => messages.length > 0), {
    what: 'every socket has a status',
  });

  // Some leave from the middle, and the room lets in the rest by and by.
  for (const at of [10, 25, 40]) {
    await door.call(`/api/v1/events/${EVENT}/line/me`, {
      method: 'DELETE',
      headers: bearer(fans[at]!.placeToken),
    });
  }
  await door.setRoom({ ratePerMinute: 1_200 });
  const left = [10, 25, 40];
  await until(
    async () => {
      await door.tick();
      return heard.every(
        ({ messages }, at) => left.includes(at) || lastStatus(messages)?.state === 'offered',
      );
    },
    { what: 'every turn is told' },
  );

  for (const [at, { messages }] of heard.entries()) {
    for (const message of messages) ServerMessageSchema.parse(message);
    const places = shown(messages);
    expect(places, `fan ${at}`).toEqual([...places].sort((a, b) => b - a));
    expect(places[0]).toBe(at + 1);
    expect(new Set(places).size, `fan ${at} is told no place twice`).toBe(places.length);
    expect(goneTold(messages), `fan ${at} is told once that he left, if he did`).toBe(
      left.includes(at) ? 1 : 0,
    );
  }
  expect(shown(heard[59]!.messages).length, 'the last sees the line move').toBeGreaterThan(5);
});

test('[LINE-4] behind the exact front a told place is an upper bound, and an exact answer never moves it back', async () => {
  await door.setRoom({ paused: true });
  door.setStock({ total: 5_000, free: 5_000 });
  // Fans enough that the last stand behind the front, joined in the line itself.
  for (let count = 0; count < 1_500; count += 1) {
    await door.line.join(EVENT, Buffer.from(`place-${count}`.padEnd(16)).toString('base64url').slice(0, 22));
  }
  const last = await door.join();
  await door.tick();
  const { messages } = listenTo(last.placeToken);
  await until(() => shown(messages)[0] === 1_501, { what: 'the exact place at connect' });

  await door.setRoom({ ratePerMinute: 30_000, capacity: 5_000 });
  const exact: number[] = [];
  await until(
    async () => {
      await door.tick();
      const status = await door.status(last.placeToken);
      if (status.state !== 'waiting' || status.place === null) return true;
      // What was told before is never less than what is exact now.
      expect(shown(messages).at(-1)).toBeGreaterThanOrEqual(status.place);
      exact.push(status.place);
      return false;
    },
    { what: 'the last is let in' },
  );
  const places = shown(messages);
  expect(places).toEqual([...places].sort((a, b) => b - a));
  expect(exact).toEqual([...exact].sort((a, b) => b - a));
});

test('[LINE-9] everyone waiting is told that all is sold, and that a ticket came back', async () => {
  await door.setRoom();
  door.setStock({ free: 0, held: 0, sold: 500 });
  await door.tick();
  const fans = [await door.join(), await door.join()];
  const heard = fans.map(({ placeToken }) => listenTo(placeToken));
  await until(
    async () => {
      await door.tick();
      return heard.every(({ messages }) => lastStatus(messages)?.room.state === 'soldOut');
    },
    { what: 'a status of a room that is sold out' },
  );
  door.setStock({ free: 1, sold: 499 });
  await until(
    async () => {
      await door.tick();
      return heard.every(({ messages }) =>
        messages.some((message) => message.type === 'room' && message.room.state === 'open'),
      );
    },
    { what: 'the room is open again' },
  );
});

test('[LINE-8] [ADM-9] opening, pausing and closing are told as they are put, without a tick', async () => {
  await door.setRoom({ paused: true });
  const { placeToken } = await door.join();
  const { messages } = listenTo(placeToken);
  await until(() => lastStatus(messages)?.room.state === 'paused', { what: 'a paused room' });
  for (const [policy, state] of [
    [{ open: false }, 'closed'],
    [{ ratePerMinute: 0 }, 'open'],
  ] as const) {
    await door.setRoom(policy);
    await until(() => messages.some((message) => message.type === 'room' && message.room.state === state), {
      what: `the room is ${state}`,
    });
  }
});

test('[ADM-7] [LINE-10] an offer that lapses, a session that runs out, and a claim elsewhere are told', async () => {
  await door.setRoom({ claimWindowMs: 1_000 });
  const noShow = await door.join();
  const { messages: first } = listenTo(noShow.placeToken);
  await until(() => lastStatus(first)?.state === 'offered', { what: 'the offer' });
  await until(() => lastStatus(first)?.state === 'over', { what: 'the end of the offer' });
  expect(lastStatus(first)).toMatchObject({ reason: 'lapsed', mayJoinAgain: true });

  await door.setRoom({ claimWindowMs: 60_000, sessionTtlMs: 4_000 });
  const shopper = await door.join();
  const { messages: second } = listenTo(shopper.placeToken);
  const offer = await until(() => lastStatus(second), { what: 'the offer' });
  if (offer.state !== 'offered') throw new Error('not offered');
  const { place, turn } = await door.needs.pass.verify(offer.pass, EVENT, Date.now());
  // As another gateway does: this process is not told.
  await door.line.claim(EVENT, place, turn);
  await until(() => lastStatus(second)?.state === 'shopping', { what: 'the session' });
  await until(() => lastStatus(second)?.state === 'over', { what: 'the end of the session' });
  expect(lastStatus(second)).toMatchObject({ reason: 'expired' });
});

test('[API-3] a socket without a good token is refused with a problem', async () => {
  await door.setRoom({ paused: true });
  const { placeToken } = await door.join();
  const stranger = await openDoor({ hmacKeys: hmacKey('k1'), placeKey: secret() });
  await stranger.setRoom({ paused: true });
  const foreign = await stranger.join();
  await stranger.close();
  const order = signToken(door.needs.ring, 'fan', { buyer: crypto.randomUUID() });

  const auths: Array<[auth: object, code: string]> = [
    [{}, 'malformed'],
    [{ v: 2, placeToken }, 'malformed'],
    [{ v: 1, placeToken: foreign.placeToken }, 'tokenInvalid'],
    // Another last character, whichever it was: one token in sixteen ends with A.
    [{ v: 1, placeToken: placeToken.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')) }, 'tokenInvalid'],
    [{ v: 1, placeToken: order }, 'tokenInvalid'],
  ];
  for (const [auth, code] of auths) {
    const { refused } = door.listen(auth);
    await until(() => refused.length > 0, { what: `${code} for ${JSON.stringify(auth)}` });
    expect(refused[0]).toMatchObject({ code, type: `urn:onsale:problem:${code}` });
  }
});

test('[LINE-5] a gateway that goes tells its sockets to come back, and finishes what it was asked', async () => {
  await door.setRoom({ ratePerMinute: 0 });
  const { placeToken } = await door.join();
  const { messages, socket } = listenTo(placeToken);
  await until(() => messages.length > 0, { what: 'a first status' });

  const inFlight = door.join();
  await until(async () => (await door.redis.zcard(`{${door.space.prefix}:${EVENT}}:general`)) === 2, {
    what: 'the second join has reached the line and waits for its offer',
  });
  await Promise.all([
    door.stop(),
    inFlight.then(({ status }) => expect(status).toMatchObject({ state: 'waiting', place: 2 })),
  ]);
  expect(messages.at(-1)).toMatchObject({ type: 'reconnect' });
  expect(socket.connected).toBe(false);
  await expect(door.join()).rejects.toThrow();
});
