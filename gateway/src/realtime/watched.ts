import type { ServerMessage } from '@onsale/shared/socket';
import type { Server, Socket } from 'socket.io';
import type { Outlook } from '../http/view/calibration.ts';
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
  /** Epoch of the room when it was read: after a loss, the line is told what was known in an earlier one. */
  knownIn: number;
  /** The least place told; a greater one is never told while this one is kept. */
  shownPlace: number;
  toldAtMs: number;
  /** The first wait and odds that he was told here, until it is known what came of them. */
  outlook: Outlook | undefined;
  /** His own part of every cadence, 0.8 to 1.2: sockets that were told at once are told one after the other later. */
  readonly pace: number;
  /** When what is known of his turn has to be read again; Infinity while the snapshots tell it. */
  readAtMs: number;
  /** When the line was last told that he is there. */
  seenAtMs: number;
}

export type Push = ServerMessage['type'];

/** Whether the socket has sent all it was given: a slow client's messages are not piled up. */
export const canHear = ({ socket }: Watched): boolean => socket.connected && socket.conn.transport.writable;
