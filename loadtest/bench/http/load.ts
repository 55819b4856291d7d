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
}

export interface Load {
  readonly requestsPerSecond: number;
  /** Requests that were answered 201, each counted once. */
  readonly made: number;
  /** Answers of another status, and repeats that were answered with something else than the first. */
  readonly wrong: number;
}

/** So many buyers at once over HTTP, each with a connection; who is answered makes way for the next. */
export async function load(url: string, { connections, windowMs, next }: LoadOptions): Promise<Load> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(new URL(url))));
  let [made, wrong, answers, measured] = [0, 0, 0, 0];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;

  const count = (): void => {
    const now = performance.now();
    answers += 1;
    if (answers === connections * WARM_UP) {
      from = now;
      to = now + windowMs;
    } else if (now > from && now <= to) measured += 1;
  };
  const buy = async (connection: (typeof open)[number]): Promise<void> => {
    while (performance.now() < to) {
      const request = next();
      if (request === undefined) {
        // Nobody comes any more: until now everyone was busy, from now on they are not.
        to = Math.min(to, performance.now());
        return;
      }
      const { status, body } = await connection.ask(request);
      count();
      if (status === 201) made += 1;
      else wrong += 1;
      if (made % REPEATED_EVERY !== 0) continue;
      const again = await connection.ask(request);
      count();
      if (holdIn(again.body) !== holdIn(body)) wrong += 1;
    }
  };
  try {
    await Promise.all(open.map(buy));
  } finally {
    for (const connection of open) connection.close();
  }
  return { requestsPerSecond: measured / ((to - from) / 1_000), made, wrong };
}

const holdIn = (body: string): string | undefined => /"holdId":"([^"]+)"/.exec(body)?.[1];
