import { openConnection } from './client.ts';

/** Of the requests, how many are sent again with the same Idempotency-Key when they were answered. */
const REPEATED_EVERY = 50;
/** Answers before measuring begins, by connection: code is warm and candidates are read. */
const WARM_UP = 2;

export interface LoadOptions {
  readonly connections: number;
  readonly windowMs: number;
  /** The next request; undefined when there are no more. */
  next(): Buffer | undefined;
  /** The status that is right: 201 when not said. */
  readonly answer?: number;
}

export interface Load {
  readonly requestsPerSecond: number;
  /** Requests that were answered as is right, each counted once. */
  readonly made: number;
  /** All answers, those to repeats and before measuring began among them. */
  readonly answers: number;
  /** Of the answers that count, the time that 1 in 100 took longer than. */
  readonly p99Ms: number;
  /** Answers of another status, and repeats that were answered with something else than the first. */
  readonly wrong: number;
}

/** So many buyers at once over HTTP, each with a connection; who is answered makes way for the next. */
export async function load(
  url: string,
  { connections, windowMs, next, answer = 201 }: LoadOptions,
): Promise<Load> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(new URL(url))));
  let [made, wrong, answers, measured] = [0, 0, 0, 0];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;

  const times: number[] = [];

  const ask = async (connection: (typeof open)[number], request: Buffer) => {
    const askedAt = performance.now();
    const answer = await connection.ask(request);
    count(askedAt);
    return answer;
  };
  const count = (askedAt: number): void => {
    const now = performance.now();
    answers += 1;
    if (answers === connections * WARM_UP) {
      from = now;
      to = now + windowMs;
    } else if (now > from && now <= to) {
      measured += 1;
      times.push(now - askedAt);
    }
  };
  const buy = async (connection: (typeof open)[number]): Promise<void> => {
    while (performance.now() < to) {
      const request = next();
      if (request === undefined) {
        // Nobody comes any more: until now everyone was busy, from now on they are not.
        to = Math.min(to, performance.now());
        return;
      }
      const { status, body } = await ask(connection, request);
      if (status === answer) made += 1;
      else wrong += 1;
      if (made % REPEATED_EVERY !== 0) continue;
      const again = await ask(connection, request);
      if (holdIn(again.body) !== holdIn(body)) wrong += 1;
    }
  };
  try {
    await Promise.all(open.map(buy));
  } finally {
    for (const connection of open) connection.close();
  }
  times.sort((a, b) => a - b);
  const p99Ms = times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  return { requestsPerSecond: measured / ((to - from) / 1_000), p99Ms, made, answers, wrong };
}

const holdIn = (body: string): string | undefined => /"holdId":"([^"]+)"/.exec(body)?.[1];
