import type { ServerMessage, SOCKET_EVENT, SOCKET_VERSION, SocketAuth } from '@onsale/shared/socket';
import { io, type Socket } from 'socket.io-client';

// Said again rather than imported: the contract's module would bring its validator into every fan's browser.
const event: typeof SOCKET_EVENT = 'line';
const version: typeof SOCKET_VERSION = 1;

export interface LineSocket {
  /** Try at once: the network came back. */
  wake(): void;
  close(): void;
}

/**
 * Listens to the line. Reconnects by itself with jitter; meanwhile the page polls. WebSocket alone: where that is barred,
 * polling the status costs less than Socket.IO's own long polling and needs no sticky sessions.
 */
export function listen(
  placeToken: string,
  on: { message(message: ServerMessage): void; up(up: boolean): void },
): LineSocket {
  const auth: SocketAuth = { v: version, placeToken };
  const socket: Socket = io({
    auth,
    transports: ['websocket'],
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 15_000,
    randomizationFactor: 0.5,
  });
  let later: ReturnType<typeof setTimeout> | undefined;
  const connectAfter = (ms: number): void => {
    clearTimeout(later);
    later = setTimeout(() => socket.connect(), ms * (1 + Math.random()));
  };
  socket.on('connect', () => on.up(true));
  socket.on('disconnect', (reason) => {
    on.up(false);
    // Socket.IO leaves it to us when the server hung up.
    if (reason === 'io server disconnect') connectAfter(1_000);
  });
  socket.on('connect_error', () => {
    on.up(false);
    // Refused by the gateway: polling learns why, and this is worth asking again only now and then.
    if (!socket.active) connectAfter(10_000);
  });
  socket.on(event, (message: ServerMessage) => {
    on.message(message);
    if (message.type !== 'reconnect') return;
    socket.disconnect();
    connectAfter(message.afterMs);
  });
  return {
    wake: () => void (socket.connected || socket.connect()),
    close: () => {
      clearTimeout(later);
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}
