import { Refusal } from '@onsale/shared/errors';
import { isDataFault } from '../db/faults.ts';

export interface BatcherOptions<Request, Verdict> {
  /** Judges a batch in one commit; verdicts in the order of the requests. */
  readonly judge: (batch: readonly Request[]) => Promise<readonly Verdict[]>;
  /** Requests of one lane are judged one after the other, never in one batch: limits are summed per buyer. */
  readonly laneOf: (request: Request) => string;
  readonly batchMax: number;
  readonly queueMax: number;
  readonly batchesInFlight: number;
}

export interface Batcher<Request, Verdict> {
  /** @throws Refusal overloaded when the queue is full; what `judge` threw for the batch otherwise. */
  add(request: Request): Promise<Verdict>;
  /** Requests that wait, not counting those in flight. */
  depth(): number;
}

interface Waiting<Request, Verdict> {
  readonly request: Request;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * Gathers concurrent requests into batches. When nothing is in flight a batch leaves at once, be it of one: gathering
 * costs no latency, it only happens while the batch before is away.
 */
export function batcher<Request, Verdict>(
  options: BatcherOptions<Request, Verdict>,
): Batcher<Request, Verdict> {
  const { judge, laneOf, batchMax, queueMax, batchesInFlight } = options;
  type One = Waiting<Request, Verdict>;
  /** Heads of their lanes, in order of arrival. */
  let ready: One[] = [];
  /** Lanes with a head that is ready or in flight, and those behind it: mostly nobody. */
  const lanes = new Map<string, One[] | undefined>();
  let waiting = 0;
  let inFlight = 0;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled || inFlight >= batchesInFlight || ready.length === 0) return;
    scheduled = true;
    // After what this turn of the loop still brings: the answers of one batch make many requests at once, and a microtask
    // would send the first few of them alone.
    setImmediate(() => {
      scheduled = false;
      void send();
    });
  };

  const send = async (): Promise<void> => {
    const batch = ready.slice(0, batchMax);
    ready = ready.slice(batchMax);
    waiting -= batch.length;
    inFlight += 1;
    schedule();
    await settle(batch, judge);
    inFlight -= 1;
    for (const { request } of batch) advance(laneOf(request));
    schedule();
  };

  const advance = (lane: string): void => {
    const behind = lanes.get(lane)?.shift();
    if (behind === undefined) lanes.delete(lane);
    else ready.push(behind);
  };

  return {
    depth: () => waiting,
    add: (request) =>
      new Promise<Verdict>((resolve, reject) => {
        if (waiting >= queueMax) return reject(new Refusal('overloaded', { retryAfterMs: 1_000 }));
        waiting += 1;
        const one = { request, resolve, reject };
        const lane = laneOf(request);
        const behind = lanes.get(lane);
        if (behind !== undefined) behind.push(one);
        else if (lanes.has(lane)) lanes.set(lane, [one]);
        else {
          lanes.set(lane, undefined);
          ready.push(one);
          schedule();
        }
      }),
  };
}

/** One request that poisons its batch must not fail the others: a batch refused for its data is judged in halves. */
async function settle<Request, Verdict>(
  batch: ReadonlyArray<Waiting<Request, Verdict>>,
  judge: (requests: readonly Request[]) => Promise<readonly Verdict[]>,
): Promise<void> {
  try {
    const verdicts = await judge(batch.map(({ request }) => request));
    for (const [at, { resolve }] of batch.entries()) resolve(verdicts[at]!);
  } catch (fault) {
    if (batch.length > 1 && isDataFault(fault)) {
      const half = Math.ceil(batch.length / 2);
      await settle(batch.slice(0, half), judge);
      await settle(batch.slice(half), judge);
      return;
    }
    for (const { reject } of batch) reject(fault);
  }
}
