import http, { CookieJar } from 'k6/http';
import { clearTimeout, setTimeout } from 'k6/timers';
import { type MessageEvent, WebSocket } from 'k6/websockets';
import type { PlaceStatus, ServerMessage } from '../lib/contract.ts';
import { connectFrame, PONG, readFrame } from '../lib/frames.ts';
import { hangUp } from '../lib/hang-up.ts';
import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask } from './ask.ts';
import type { Attempt } from './attempt.ts';
import { edited, flipped, made } from './forge.ts';
import type { Answer } from './judge.ts';

/** Largest message that a socket may send (limits.socketMessageMaxBytes), and one more. */
const TOO_LARGE_BYTES = 8 * 1024 + 1;
/** Events of one flood. */
const FLOOD = 200;
/** For so long a socket waits for its answer, and after a flood for what may come of it. */
const ANSWER_WITHIN_MS = 10_000;
const LISTEN_MS = 1_500;
const path = '/socket.io/?EIO=4';

/** Sockets without a place, with another's, or that say more than their token. */
export const sockets: readonly Attempt[] = [
  async ({ kit, random }) => {
    const { placeToken, session, cookie, pass } = oneOf(random, kit.shoppers);
    const own = made(placeToken, 'place', {});
    const ahead = edited(placeToken, { order: 1 });
    const forged = [flipped(placeToken), own, ahead, session, cookie, pass, 'x'.repeat(2_000)];
    const auth = { v: 1, placeToken: oneOf(random, forged) };
    return [['socket-forged', await talk(connectFrame(auth), [])]];
  },
  async ({ kit, random }) => {
    const { placeToken } = oneOf(random, kit.shoppers);
    const auth = oneOf<object>(random, [
      {},
      { v: 2, placeToken },
      { v: 1 },
      { v: 1, placeToken: [placeToken] },
    ]);
    return [['socket-malformed', await talk(connectFrame(auth), [])]];
  },
  async ({ kit, random }) => {
    const { placeToken } = oneOf(random, kit.shoppers);
    const hello = connectFrame({ v: 1, placeToken });
    const tooLarge = `42["line","${'x'.repeat(TOO_LARGE_BYTES)}"]`;
    return [['socket-oversized', await talk(hello, [tooLarge], ANSWER_WITHIN_MS)]];
  },
  async ({ kit, random }) => {
    const { placeToken, pass, session } = oneOf(random, kit.shoppers);
    const status = { v: 1, type: 'status', status: { state: 'offered', pass } };
    const flood = Array.from({ length: FLOOD }, () => {
      const name = oneOf(random, ['line', 'join', 'claim', 'leave', 'moved']);
      return `42${JSON.stringify([name, oneOf<unknown>(random, [status, { pass }, { place: 1 }, session])])}`;
    });
    const heard = await talk(connectFrame({ v: 1, placeToken }), flood, LISTEN_MS);
    return [['socket-flood', heard.code === 'nothing' ? whereHeIs(placeToken, session) : heard]];
  },
  ({ random }) => [['socket-of-another', goOn(random() < 0.5)]],
];

/**
 * Opens a socket, says hello, and once it is greeted says more.
 * @param listenMs to what comes of that
 * @returns what came of it: the code it was refused with; `greeted` when there was nothing more to say; `cutOff` when it ended after
 *   more was said, and `nothing` when it did not and nothing but its own status was heard
 */
function talk(hello: string, more: readonly string[], listenMs = 0): Promise<Answer> {
  return new Promise((resolve) => {
    const url = `${settings.url.replace(/^http/, 'ws')}${path}&transport=websocket`;
    const socket = new WebSocket(url, null, { tags: { op: 'bot-socket' } });
    let said = false;
    const finish = (status: number, code: string): void => {
      clearTimeout(timer);
      hangUp(socket);
      resolve({ status, code });
    };
    let timer = setTimeout(() => finish(0, 'silence'), ANSWER_WITHIN_MS);
    const greeted = (): void => {
      said = true;
      for (const text of more) socket.send(text);
      clearTimeout(timer);
      timer = setTimeout(() => finish(200, 'nothing'), listenMs);
    };
    socket.addEventListener('message', (event) => {
      const frame = readFrame((event as MessageEvent).data as string);
      if (frame.type === 'open') socket.send(hello);
      if (frame.type === 'ping') socket.send(PONG);
      if (frame.type === 'refused') finish(401, (frame.data as { code?: string })?.code ?? 'no problem');
      if (frame.type !== 'event') return;
      if (!said) return more.length === 0 ? finish(200, 'greeted') : greeted();
      const { type } = frame.data as ServerMessage;
      if (type !== 'room') finish(200, `told ${type}`);
    });
    socket.addEventListener('close', () => finish(0, said ? 'cutOff' : 'closed'));
    socket.addEventListener('error', () => finish(0, said ? 'cutOff' : 'failed'));
  });
}

/** After a flood its fan is where he was, with the same session. */
function whereHeIs(placeToken: string, session: string): Answer {
  const line = `/api/v1/events/${settings.event}/line/me`;
  const told = ask('socket-flood', { method: 'GET', path: line, token: placeToken });
  const status = (told.json ?? {}) as Partial<PlaceStatus>;
  const same = status.state === 'shopping' && status.session === session;
  return same ? { status: 200, code: 'ignored' } : told;
}

/** By long polling: in a connection whose id is guessed. */
function goOn(guessed: boolean): Answer {
  const url = `${settings.url}${path}&transport=polling`;
  const params = {
    jar: new CookieJar(),
    redirects: 0,
    tags: { op: 'bot', name: 'socket-of-another', kind: 'socket-of-another' },
    responseCallback: http.expectedStatuses({ min: 200, max: 499 }),
  };
  const sid = crypto.randomUUID().replaceAll('-', '').slice(0, 20);
  const { status, body } = guessed
    ? http.get(`${url}&sid=${sid}`, params)
    : http.post(`${url}&sid=${sid}`, '42["line"]', params);
  return { status, code: /Session ID unknown/.test(body as string) ? 'unknownConnection' : 'undocumented' };
}
