import type { ServerMessage } from '@onsale/shared/socket';
import type { Server, Socket } from 'socket.io';
import type { Fan } from '../http/view/status.ts';
import type { Standing } from '../line/standing.ts';

/** What a socket may hear: one event, one message at a time. The client sends nothing. */
interface ServerEvents {
  line: (message: ServerMessage) => void;
}
type NoEvents = Record<string, never>;
export type FanServer = Server<NoEvents, ServerEvents, NoEvents, { watched: Watched; first: ServerMessage }>;
export type FanSocket = Socket<NoEvents, ServerEvents, NoEvents, { watched: Watched; first: ServerMessage }>;

/** One socket, and what its fan was last told. */
export interface Watched {
  readonly socket: FanSocket;
  readonly fan: Fan;
  /** As last read; undefined when the place is nowhere any more. */
  standing: Standing | undefined;
  /** The least place told; a greater one is never told while this one is kept. */
  shownPlace: number;
  toldAtMs: number;
  /** When what is known of his turn has to be read again; Infinity while the snapshots tell it. */
  readAtMs: number;
}

export type Push = ServerMessage['type'];

/**
 * Hands a message to the socket unless it still has one to send: a slow client's messages are not piled up.
 * @returns false when it was not taken
 */
export function tell({ socket }: Watched, message: ServerMessage): boolean {
  if (!socket.connected || !socket.conn.transport.writable) return false;
  socket.emit('line', message);
  return true;
}
