import http from 'k6/http';
import { networkHeaders } from '../api.ts';
import { connectFrame, type Frame, PONG, readFrame } from '../frames.ts';
import { settings } from '../settings.ts';

const PATH = '/socket.io/?EIO=4&transport=polling';
/** Packets of one answer are parted by this. */
const PARTED = '\x1e';

/**
 * Socket.IO by long polling. Between two looks there is no way to it: what the server would tell has to wait there, which is what a
 * socket that does not read is to a server. k6's own WebSockets always read, whatever the script does.
 */
export class Poller {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** Says hello, and is there from now on. @throws Error when it is not taken */
  constructor(placeToken: string, address: string) {
    this.#headers = networkHeaders(address);
    const opened = http.get(settings.url + PATH, this.#params());
    const { sid } = JSON.parse((opened.body as string).slice(1)) as { sid: string };
    this.#url = `${settings.url}${PATH}&sid=${sid}`;
    this.#say(connectFrame({ v: 1, placeToken }));
  }

  /** Reads what is there, and waits when nothing is. @returns what was told, oldest first */
  read(): unknown[] {
    const { status, body } = http.get(this.#url, this.#params());
    if (status !== 200) throw new Error(`the connection is gone: ${status} ${body}`);
    const frames = (body as string).split(PARTED).map(readFrame);
    if (frames.some(({ type }) => type === 'ping')) this.#say(PONG);
    return frames
      .filter((frame): frame is Extract<Frame, { type: 'event' }> => frame.type === 'event')
      .map(({ data }) => data);
  }

  close(): void {
    this.#say('1');
  }

  #say(packet: string): void {
    http.post(this.#url, packet, this.#params());
  }

  #params() {
    return { headers: this.#headers, tags: { op: 'poll', name: 'poll' } };
  }
}
