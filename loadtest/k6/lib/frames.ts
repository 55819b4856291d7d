/**
 * Socket.IO 5 over Engine.IO 4, as text frames of one WebSocket: the first digit is Engine.IO's, the second Socket.IO's.
 * Only what a client of the default namespace meets without binary data and acknowledgements.
 */
export type Frame =
  /** Engine.IO is open; the server pings every `pingInterval` ms. */
  | { type: 'open'; pingInterval: number; pingTimeout: number }
  | { type: 'ping' }
  | { type: 'connected' }
  /** The server's middleware refused; `data` is what it said besides. */
  | { type: 'refused'; message: string; data: unknown }
  | { type: 'event'; name: string; data: unknown }
  | { type: 'disconnected' }
  | { type: 'other' };

export const PONG = '3';

export const connectFrame = (auth: object): string => `40${JSON.stringify(auth)}`;

/** @throws SyntaxError when what should be JSON is not. */
export function readFrame(text: string): Frame {
  const kind = text.slice(0, 2);
  if (text[0] === '0') {
    const { pingInterval, pingTimeout } = JSON.parse(text.slice(1)) as {
      pingInterval: number;
      pingTimeout: number;
    };
    return { type: 'open', pingInterval, pingTimeout };
  }
  if (text[0] === '2') return { type: 'ping' };
  if (text[0] === '1' || kind === '41') return { type: 'disconnected' };
  if (kind === '40') return { type: 'connected' };
  if (kind === '42') {
    const [name, data] = JSON.parse(text.slice(2)) as [string, unknown];
    return { type: 'event', name, data };
  }
  if (kind === '44') {
    const { message, data } = JSON.parse(text.slice(2)) as { message: string; data?: unknown };
    return { type: 'refused', message, data };
  }
  return { type: 'other' };
}
