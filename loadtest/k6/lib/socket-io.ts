import { type MessageEvent, WebSocket } from 'k6/websockets';
import { connectFrame, PONG, readFrame } from './frames.ts';

export interface Listener {
  onEvent(name: string, data: unknown): void;
  /** The server refused the connection; `data` is the problem it gave. */
  onRefused(data: unknown): void;
  /** The connection ended, and not by `close()`. */
  onLost(why: string): void;
}

export interface Connection {
  close(): void;
}

/**
 * Connects to the default namespace of a Socket.IO server.
 * @param url `http(s)://…` of the server. @param auth what the handshake carries.
 */
export function connect(
  url: string,
  auth: object,
  headers: Record<string, string>,
  listener: Listener,
): Connection {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, null, {
    headers,
    tags: { op: 'socket' },
  });
  let over = false;
  const lost = (why: string): void => {
    if (over) return;
    over = true;
    socket.close();
    listener.onLost(why);
  };

  socket.addEventListener('message', (event) => {
    const frame = readFrame((event as MessageEvent).data as string);
    switch (frame.type) {
      case 'open':
        return socket.send(connectFrame(auth));
      case 'ping':
        return socket.send(PONG);
      case 'event':
        return listener.onEvent(frame.name, frame.data);
      case 'refused':
        over = true;
        socket.close();
        return listener.onRefused(frame.data);
      case 'disconnected':
        return lost('the server ended it');
      default:
        return undefined;
    }
  });
  socket.addEventListener('error', (event) => lost('error' in event ? event.error : 'error'));
  socket.addEventListener('close', () => lost('closed'));

  return {
    close() {
      over = true;
      socket.close();
    },
  };
}
