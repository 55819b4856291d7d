import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LINE_FEED = 10;
const MINUS = '-'.charCodeAt(0);

/**
 * A bare connection to Redis: prepared bytes go in, line feeds of the answers are counted. What a client library costs is not in
 * what it measures.
 */
export class RawRedis {
  readonly #socket: Socket;
  #awaited = 0;
  #done: { resolve: () => void; reject: (fault: unknown) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#hear(bytes));
    socket.on('error', (fault) => this.#done?.reject(fault));
  }

  static async open(redisUrl: string): Promise<RawRedis> {
    const { hostname, port, username, password } = new URL(redisUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    const redis = new RawRedis(socket);
    if (password !== '')
      await redis.run([commandOf('AUTH', decodeURIComponent(username), decodeURIComponent(password))], 1);
    return redis;
  }

  /** Sends all of it; done when so many answers of one line each have come. @throws when one of them is an error */
  async run(commands: readonly Buffer[], answers: number): Promise<void> {
    if (answers === 0) return;
    this.#awaited = answers;
    const done = new Promise<void>((resolve, reject) => {
      this.#done = { resolve, reject };
    });
    for (const bytes of commands) this.#socket.write(bytes);
    await done;
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    if (bytes.includes(MINUS))
      this.#done?.reject(new Error(`Redis refused: ${bytes.toString('latin1', 0, 200)}`));
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
      this.#awaited -= 1;
    if (this.#awaited === 0) this.#done?.resolve();
  }
}

/** One command as it goes over the wire. All words are ASCII. */
export const commandOf = (...words: readonly string[]): Buffer => Buffer.from(textOf(words), 'latin1');

/** Many commands, so many in one buffer. */
export function commandsOf(commands: Iterable<readonly string[]>, perBuffer = 1_000): Buffer[] {
  const buffers: Buffer[] = [];
  let texts: string[] = [];
  const flush = (): void => {
    if (texts.length > 0) buffers.push(Buffer.from(texts.join(''), 'latin1'));
    texts = [];
  };
  for (const words of commands) {
    texts.push(textOf(words));
    if (texts.length === perBuffer) flush();
  }
  flush();
  return buffers;
}

const textOf = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
