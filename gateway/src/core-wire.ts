import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import { type Dispatcher, Pool } from 'undici';

export interface Sent {
  /** In capitals. */
  readonly method: string;
  /** With its query, if any. */
  readonly path: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | null;
}

/** An answer of the core, whole: its bodies are small. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** @throws Refusal unavailable, overloaded */
export type CoreWire = (sent: Sent) => Promise<Answer>;

const gone = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const away = (cause: unknown): Refusal =>
  new Refusal(
    'unavailable',
    { detail: 'The booking is away for a moment', retryAfterMs: limits.coreRetryAfterMs },
    { cause },
  );

/**
 * Kept-alive connections to one port of the core: at most limits.coreConnections, and behind them at most so many
 * requests as limits.coreRequestsMax says. An answer must be there, whole, limits.coreTimeoutMs after it was asked for,
 * waiting for a connection included, and fit limits.coreAnswerMaxBytes.
 *
 * A connection may close while a request is on its way to it: the core restarts. Whether it was carried out is not known
 * then, so a write is never sent again from here, also not with an Idempotency-Key: the caller is told `unavailable`, and
 * his own repeat is safe by that key. Only a GET is sent once more, on another connection.
 * @param origin address of the core; a path in it goes before every path
 */
export function openCoreWire(
  origin: string,
  {
    connections = limits.coreConnections as number,
    requestsMax = limits.coreRequestsMax as number,
    timeoutMs = limits.coreTimeoutMs as number,
  } = {},
): CoreWire {
  const { origin: host, pathname } = new URL(origin);
  const prefix = pathname.replace(/\/$/, '');
  // Deadlines are ours, over all of a request: undici's are for one silence each.
  const pool = new Pool(host, {
    connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: limits.coreConnectTimeoutMs },
  });
  let waiting = 0;

  return async ({ method, path, headers, body = null }) => {
    if (waiting >= requestsMax) {
      throw new Refusal('overloaded', { retryAfterMs: limits.coreRetryAfterMs });
    }
    const request = { method, path: prefix + path, headers, body } as Dispatcher.DispatchOptions;
    const deadline = performance.now() + timeoutMs;
    waiting += 1;
    try {
      return await send(pool, request, deadline).catch((error: NodeJS.ErrnoException) => {
        if (method !== 'GET' || !gone.has(error.code ?? '')) throw error;
        return send(pool, request, deadline);
      });
    } catch (cause) {
      throw away(cause);
    } finally {
      waiting -= 1;
    }
  };
}

/** The lowest way into undici: a third of its `request`'s CPU time, an eighth of `fetch`'s. */
function send(pool: Pool, request: Dispatcher.DispatchOptions, deadline: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let answer: Omit<Answer, 'text'> | undefined;
    let size = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let late = false;

    const give = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const timer = setTimeout(() => {
      late = true;
      const error = new Error('no whole answer in time');
      controller?.abort(error);
      give(error);
    }, deadline - performance.now());

    pool.dispatch(request, {
      onRequestStart(begun) {
        controller = begun;
        // It waited too long for a connection, and its caller has been told: it must not happen any more.
        if (late) begun.abort(new Error('nobody waits for this any more'));
      },
      onResponseStart(_, status, headers) {
        answer = { status, headers };
      },
      onResponseData(begun, chunk) {
        size += chunk.length;
        if (size > limits.coreAnswerMaxBytes) begun.abort(new Error('the answer is too large'));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        clearTimeout(timer);
        resolve({ ...answer!, text: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString() });
      },
      onResponseError: (_, error) => give(error),
    });
  });
}
