import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** One fan's connection. */
export interface FanSocket {
  /** Never reads again; the connection stays. */
  stopReading(): void;
  close(): void;
}

/**
 * A Socket.IO client over a bare connection, as lean as it can be: with two cores the client's work is taken from the
 * server's. It speaks what our servers speak to it: unmasked frames below 64 KiB, the opening packets, pings.
 * @param auth sent when the server is ready for it
 * @param onEvent each event as the server sent it (`42[…]`), and `refused` for a connection that was not taken, or cut
 */
export function openFanSocket(
  { host, port }: { host: string; port: number },
  auth: object,
  onEvent: (payload: Buffer, kind: 'event' | 'refused') => void,
): FanSocket {
  const socket = connect({ host, port, noDelay: true });
  let left: Buffer | undefined;
  let upgraded = false;
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  socket.on('error', (fault) => onEvent(Buffer.from(fault.message), 'refused'));
  socket.on('end', () => onEvent(Buffer.from('the server hung up'), 'refused'));
  socket.on('data', (chunk) => {
    let bytes = left === undefined ? chunk : Buffer.concat([left, chunk]);
    if (!upgraded) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        left = bytes;
        return;
      }
      upgraded = true;
      bytes = bytes.subarray(end + 4);
    }
    left = eachFrame(bytes, (payload) => answer(socket, payload, auth, onEvent));
  });
  return { stopReading: () => void socket.pause(), close: () => void socket.destroy() };
}

const [OPEN, PING, MESSAGE] = [0x30, 0x32, 0x34];
const [CONNECTED, EVENT, REFUSED] = [0x30, 0x32, 0x34];

function answer(
  socket: Socket,
  payload: Buffer,
  auth: object,
  onEvent: Parameters<typeof openFanSocket>[2],
): void {
  if (payload[0] === OPEN) socket.write(frameOf(`40${JSON.stringify(auth)}`));
  else if (payload[0] === PING) socket.write(frameOf('3'));
  else if (payload[0] === MESSAGE && payload[1] === EVENT) onEvent(payload, 'event');
  else if (payload[0] === MESSAGE && payload[1] === REFUSED) onEvent(payload, 'refused');
  else if (payload[1] !== CONNECTED) throw new Error(`The server sent ${payload}`);
}

/** Calls for every whole frame. @returns what is left of one that is not whole yet */
function eachFrame(bytes: Buffer, each: (payload: Buffer) => void): Buffer | undefined {
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = bytes[at + 1]!;
    if (short === 126 && bytes.length - at < 4) break;
    const [head, size] = short === 126 ? [4, bytes.readUInt16BE(at + 2)] : [2, short];
    if (bytes.length - at < head + size) break;
    // A closing frame is the last thing that comes.
    if ((bytes[at]! & 0x0f) === 1) each(bytes.subarray(at + head, at + head + size));
    at += head + size;
  }
  return at === bytes.length ? undefined : bytes.subarray(at);
}

/** A client's frames are masked; a mask of zeros leaves the text as it is. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload]);
}
