import type { Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { Server } from 'socket.io';
import { Echo } from './echo.ts';
import { type GreetNeeds, greet } from './greet.ts';
import { handOut } from './hand-out.ts';
import type { FanServer, FanSocket, Push } from './watched.ts';

export interface SocketNeeds extends GreetNeeds {
  /** Told of every message and to how many it was sent, for the metrics. */
  readonly onPush: (type: Push, sockets: number) => void;
  /** Told of what was not expected: the client learns nothing of it. */
  readonly report: (fault: unknown, about: { eventId?: string }) => void;
}

export interface Sockets {
  /** Open connections of sockets. */
  count(): number;
  /** A request moved this place. */
  moved(eventId: string, place: string): void;
  /** Tells every socket to come back elsewhere, and when, and lets go of them. */
  stop(): Promise<void>;
}

/** Socket.IO on the public server: an echo of the line. It answers only its own path. */
export function openSockets(server: HttpServer, needs: SocketNeeds): Sockets {
  const io: FanServer = new Server(server, {
    serveClient: false,
    transports: ['websocket', 'polling'],
    connectTimeout: limits.socketConnectTimeoutMs,
    maxHttpBufferSize: limits.socketMessageMaxBytes,
    // Messages are small: compressing each costs more memory and time than it saves.
    perMessageDeflate: false,
    httpCompression: false,
  });
  const echo = new Echo({ ...needs, send: handOut }, (fault, eventId) => needs.report(fault, { eventId }));

  io.use((socket, next) => {
    admit(io, socket, needs).then(
      (data) => {
        socket.data = data;
        next();
      },
      (fault: unknown) => {
        if (!(fault instanceof Refusal)) needs.report(fault, {});
        const refusal = fault instanceof Refusal ? fault : new Refusal('internal');
        next(Object.assign(new Error(refusal.code), { data: refusal.toProblem() }));
      },
    );
  });

  io.on('connection', (socket) => {
    const { watched, first } = socket.data;
    socket.emit('line', first);
    needs.onPush(first.type, 1);
    forget(socket);
    echo.add(watched);
    socket.on('disconnect', () => echo.remove(watched));
  });

  return {
    count: () => io.engine.clientsCount,
    moved: (eventId, place) => echo.moved(eventId, place),
    async stop() {
      echo.stop();
      await farewell(io);
    },
  };
}

/**
 * How a socket came is known no more: its request, headers and first message are kilobytes that nobody asks for again, and
 * Socket.IO keeps them for as long as the connection lives.
 */
function forget(socket: FanSocket): void {
  Object.assign(socket.conn, { request: undefined });
  Object.assign(socket, { handshake: undefined, data: {} });
}

async function admit(io: FanServer, socket: Parameters<typeof greet>[0], needs: SocketNeeds) {
  if (io.engine.clientsCount > limits.socketsMax) {
    throw new Refusal('overloaded', { retryAfterMs: limits.reconnectSpreadMs });
  }
  return greet(socket, needs);
}

/** Everyone is given a moment of his own to come back, so that the other gateways are not met by all at once. */
async function farewell(io: FanServer): Promise<void> {
  for (const socket of io.sockets.sockets.values()) {
    const afterMs = Math.floor(Math.random() * limits.reconnectSpreadMs);
    socket.emit('line', { v: 1, type: 'reconnect', afterMs });
    // Closes once what is to be sent has been sent.
    socket.disconnect(true);
  }
  const untilMs = performance.now() + limits.farewellMs;
  while (io.engine.clientsCount > 0 && performance.now() < untilMs) await delay(20);
  io.engine.close();
}
