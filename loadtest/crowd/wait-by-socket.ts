import { type Problem, Problem as ProblemShape } from '@onsale/shared/errors';
import { ServerMessage, SOCKET_EVENT, SOCKET_VERSION } from '@onsale/shared/socket';
import { io, type Socket } from 'socket.io-client';
import { backOffMs } from './back-off.ts';
import { bounds } from './bounds.ts';
import type { Life } from './life.ts';
import { Undocumented } from './operations.ts';
import type { Shown } from './shown.ts';
import { type Told, toldBy } from './told.ts';

/**
 * Waits in the line with a socket, as the page does: the turn is pushed; a lost connection is made again, with back-off and
 * jitter, and begins with the exact status.
 * @throws Undocumented for a message or refusal outside the contract; whatever the signal is aborted with.
 */
export async function waitBySocket(life: Life, placeToken: string, shown: Shown): Promise<Told> {
  const socket = await life.handshake(async () => connect(life, placeToken));
  try {
    return await ears(life, socket, shown);
  } finally {
    socket.disconnect();
  }
}

function connect(life: Life, placeToken: string): Socket {
  return io(life.options.url, {
    transports: ['websocket'],
    forceNew: true,
    auth: { v: SOCKET_VERSION, placeToken },
    extraHeaders: { 'x-forwarded-for': life.address },
    reconnectionDelay: bounds.backOffFirstMs * 2,
    reconnectionDelayMax: bounds.backOffLastMs,
    randomizationFactor: 0.5,
    timeout: bounds.requestTimeoutMs,
  });
}

/** Resolves when told something final. Rejects on what may not be. */
function ears(life: Life, socket: Socket, shown: Shown): Promise<Told> {
  const { tally, signal, random } = life;
  let refusals = 0;
  let timer: NodeJS.Timeout | undefined;
  let asked = shown.asking();
  const dialling = (): void => {
    asked = shown.asking();
  };
  socket.io.on('reconnect_attempt', dialling);
  const again = (ms: number): void => {
    tally.reconnects += 1;
    clearTimeout(timer);
    timer = setTimeout(() => {
      dialling();
      socket.connect();
    }, ms);
  };

  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });

  socket.on('connect_error', (error) => {
    // Active: the connection failed, and socket.io tries again by itself. Otherwise the sale refused it.
    if (socket.active) {
      tally.reconnects += 1;
      return;
    }
    const problem = problemOf(error);
    if (problem === undefined)
      return reject(new Undocumented(`socket: refused without a problem: ${error.message}`));
    if (problem.code === 'placeUnknown') return resolve({ state: 'forgotten' });
    if (!['overloaded', 'unavailable', 'tooManyRequests'].includes(problem.code))
      return reject(new Undocumented(`socket: refused with ${problem.code}`));
    refusals += 1;
    again(backOffMs(refusals, problem.retryAfterMs ?? 0, random));
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') again(backOffMs(1, 0, random));
  });
  socket.on(SOCKET_EVENT, (text: unknown) => {
    const message = ServerMessage.safeParse(text);
    if (!message.success) return reject(new Undocumented('socket: a message breaks the contract'));
    const told = heed(message.data);
    if (told !== undefined) resolve(told);
  });

  function heed(message: ServerMessage): Told | undefined {
    switch (message.type) {
      case 'status':
        if (message.status.state === 'waiting' && message.status.place !== null) {
          shown.connected(message.status.place, asked);
        }
        return toldBy(message.status);
      case 'place':
        shown.pushed(message.place);
        return undefined;
      case 'room':
        return message.room.state === 'soldOut' ? { state: 'soldOut' } : undefined;
      case 'reconnect':
        socket.disconnect();
        again(message.afterMs * (1 + random()));
        return undefined;
      case 'problem':
        if (message.problem.code === 'placeUnknown') return { state: 'forgotten' };
        tally.fault(`socket: ${message.problem.code}`);
        return undefined;
    }
  }

  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

function problemOf(error: Error & { data?: unknown }): Problem | undefined {
  const parsed = ProblemShape.safeParse(error.data);
  return parsed.success ? parsed.data : undefined;
}
