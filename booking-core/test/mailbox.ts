import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What the server does with the next mails: takes them, or fails as real ones do. */
export type Mood = 'takes' | 'busy' | 'refuses' | 'refusesAfterwards' | 'hangsUp' | 'silent';

export interface Received {
  /** Of the envelope. */
  readonly recipients: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailbox {
  readonly url: string;
  readonly mails: Received[];
  mood: Mood;
  /** Run when a mail has been heard and before it is answered for. */
  beforeTaking: () => Promise<void>;
  close(): Promise<void>;
}

const refusal = (code: number): Error =>
  Object.assign(new Error('not for somebody@example.org'), { responseCode: code });

/** A real mail server on loopback, which keeps what it took. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo(_address, session, callback) {
      if (box.mood === 'busy') callback(refusal(451));
      else if (box.mood === 'refuses') callback(refusal(550));
      else if (box.mood === 'hangsUp') {
        for (const connection of server.connections) if (connection.session === session) connection.close();
      } else if (box.mood !== 'silent') callback();
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        await box.beforeTaking();
        if (box.mood === 'refusesAfterwards') return callback(refusal(554));
        mails.push({
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          ...parsed(Buffer.concat(chunks).toString('latin1')),
        });
        callback();
      });
    },
  });
  // A client that was killed, or gave up, is no fault of the server.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const box: Mailbox = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    mood: 'takes',
    beforeTaking: async () => {},
    close: async () => {
      for (const connection of server.connections) connection.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return box;
}

/** The two parts of a mail of ours. Enough of MIME for what is sent here, written down apart from what writes it. */
export function parsed(raw: string): Omit<Received, 'recipients'> {
  const [head, body] = halves(raw);
  const headers = headersOf(head);
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type']!)![1]!;
  const parts = body.split(`--${boundary}`).slice(1, -1).map(decoded);
  return {
    headers,
    subject: words(headers.subject!),
    text: parts.find(({ type }) => type.startsWith('text/plain'))!.content,
    html: parts.find(({ type }) => type.startsWith('text/html'))!.content,
  };
}

function decoded(part: string): { type: string; content: string } {
  const [head, body] = halves(part.replace(/^\r\n/, ''));
  const { 'content-type': type, 'content-transfer-encoding': encoding } = headersOf(head);
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : Buffer.from(encoding === 'quoted-printable' ? unquoted(body.replace(/=\r\n/g, '')) : body, 'latin1');
  return { type: type!, content: bytes.toString('utf8').replaceAll('\r\n', '\n').trimEnd() };
}

const unquoted = (text: string): string =>
  text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

const halves = (text: string): [string, string] => {
  const cut = text.indexOf('\r\n\r\n');
  return [text.slice(0, cut), text.slice(cut + 4)];
};

const headersOf = (head: string): Record<string, string> =>
  Object.fromEntries(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  );

/** Encoded words of a header (RFC 2047). */
const words = (text: string): string =>
  text
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, way: string, value: string) =>
      way.toLowerCase() === 'b'
        ? Buffer.from(value, 'base64').toString('utf8')
        : Buffer.from(unquoted(value.replaceAll('_', ' ')), 'latin1').toString('utf8'),
    );
