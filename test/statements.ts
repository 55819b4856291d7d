import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The moment of a cut: before the statement reaches Postgres, or once Postgres has answered it and nobody heard. */
export type Moment = 'before' | 'after';

export interface StatementProxy {
  /** The same database through the proxy. */
  readonly url: string;
  /**
   * Counts statements from now on, and at the n-th passes nothing on any more, in either direction.
   * @returns when that moment has come
   */
  stopAt(n: number, moment: Moment): Promise<void>;
  /** Statements since stopAt. */
  seen(): number;
  close(): void;
}

/** Simple queries and parses: each statement of our client is one or the other, and has been answered before the next. */
const STATEMENT = new Set(['Q', 'P']);
/** ReadyForQuery, the last of every answer. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);
const answered = (bytes: Buffer): boolean => bytes.subarray(-6, -1).equals(READY);

/** A TCP proxy before Postgres that can tell one statement from the next. */
export async function proxyStatements(databaseUrl: string): Promise<StatementProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let stop: { n: number; moment: Moment; come: () => void } | undefined;
  let count = 0;
  let silent = false;

  const silence = (): void => {
    silent = true;
    stop?.come();
  };

  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    let last = false;
    const pass = messages((type, bytes) => {
      if (silent) return;
      if (stop !== undefined && STATEMENT.has(type)) {
        count += 1;
        if (count === stop.n && stop.moment === 'before') return silence();
        last ||= count === stop.n;
      }
      upstream.write(bytes);
    });
    client.on('data', pass);
    upstream.on('data', (bytes) => {
      if (!silent && last) return void (answered(bytes) && silence());
      if (!silent) client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    stopAt: (n, moment) =>
      new Promise((come) => {
        count = 0;
        stop = { n, moment, come };
      }),
    seen: () => count,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Cuts what a client sends into its messages; the first one of a connection has no type. */
function messages(each: (type: string, bytes: Buffer) => void): (bytes: Buffer) => void {
  let pending = Buffer.alloc(0);
  let started = false;
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const before = started ? 1 : 0;
      if (pending.length < before + 4) return;
      const length = before + pending.readInt32BE(before);
      if (pending.length < length) return;
      each(started ? String.fromCharCode(pending[0]!) : '', pending.subarray(0, length));
      pending = pending.subarray(length);
      started = true;
    }
  };
}
