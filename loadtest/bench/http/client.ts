import { connect, type Socket } from 'node:net';

/** What an answer was: its status and where its body is in the bytes. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One kept-alive connection that sends requests as prepared bytes, one at a time. As lean as it can be: with two cores
 * the client's work is taken from the server's, and a heavy client would make every server look alike.
 */
export interface Connection {
  ask(request: Buffer): Promise<Answer>;
  close(): void;
}

const END_OF_HEADERS = '\r\n\r\n';
const END_OF_CHUNKS = '\r\n0\r\n\r\n';

export function openConnection({ hostname, port }: URL): Promise<Connection> {
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = '';
  let waiting: { resolve: (answer: Answer) => void; reject: (fault: Error) => void } | undefined;
  const fail = (fault: Error): void => waiting?.reject(fault);

  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    const answer = wholeAnswer(received);
    if (answer === undefined) return;
    received = '';
    const { resolve } = waiting!;
    waiting = undefined;
    resolve(answer);
  });
  const connection: Connection = {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(connection));
    socket.on('error', (fault) => {
      reject(fault);
      fail(fault);
    });
    socket.on('end', () => fail(new Error('The server closed the connection.')));
  });
}

/** @returns undefined when more is to come. Only what our servers send: a length, or chunks. */
export function wholeAnswer(received: string): Answer | undefined {
  const end = received.indexOf(END_OF_HEADERS);
  if (end < 0) return undefined;
  const status = Number(received.slice(9, 12));
  const body = received.slice(end + END_OF_HEADERS.length);
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1];
  if (length === undefined) return received.endsWith(END_OF_CHUNKS) ? { status, body } : undefined;
  return body.length >= Number(length) ? { status, body } : undefined;
}
