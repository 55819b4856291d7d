import { type MessageEvent, WebSocket } from 'k6/websockets';
import { connectFrame, type Frame, PONG, readFrame } from './frames.ts';
import { hangUp } from './hang-up.ts';

export interface Listener {
  onEvent(name: string, data: unknown): void;
  /** The server refused the connection; `data` is the problem it gave. */
  onRefused(data: unknown): void;
  /** The connection ended, and not by `close()`. */
  onLost(why: string): void;
}

export interface Connection {
  /** How far it came: where WebSocket is (0: still being made, 1: open), and the last frame that was heard. */
  readonly state: string;
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
  let last: Frame['type'] | 'nothing' = 'nothing';
  const lost = (why: string): void => {
    if (over) return;
    over = true;
    hangUp(socket);
    listener.onLost(why);
  };

  socket.addEventListener('message', (event) => {
    if (over) return undefined;
    const frame = readFrame((event as MessageEvent).data as string);
    last = frame.type;
    switch (frame.type) {
      case 'open':
        return socket.send(connectFrame(auth));
      case 'ping':
        return socket.send(PONG);
      case 'event':
        return listener.onEvent(frame.name, frame.data);
      case 'refused':
        over = true;
        hangUp(socket);
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
    get state() {
      return `WebSocket ${socket.readyState}, heard ${last}`;
    },
    close() {
      over = true;
      hangUp(socket);
    },
  };
}
