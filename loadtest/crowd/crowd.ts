import { setMaxListeners } from 'node:events';
import { bounds } from './bounds.ts';
import type { Ending } from './endings.ts';
import { live } from './fan.ts';
import { lifeOf } from './life.ts';
import { type CrowdInput, CrowdOptions } from './options.ts';
import { semaphore } from './semaphore.ts';
import { type Latency, Tally } from './tally.ts';
import { openWire } from './wire.ts';

export interface CrowdResult {
  readonly fans: number;
  readonly seconds: number;
  readonly endings: Readonly<Record<Ending, number>>;
  /** Bought, as the buyers saw them. */
  readonly tickets: number;
  readonly admitted: number;
  readonly retries: number;
  readonly reconnects: number;
  /** What the sale did that no document allows, the most frequent first. */
  readonly faults: ReadonlyArray<{ readonly fault: string; readonly times: number }>;
  /** Per operation, of every answer. */
  readonly latencies: Readonly<Record<string, Latency>>;
  /** Everyone had his answer, and every answer was documented. */
  readonly ok: boolean;
}

const SECOND_MS = 1_000;

/**
 * Sends a crowd and waits until every fan has his ending.
 * @param onSecond called every second with what happened so far.
 * @throws when the options are wrong.
 */
export async function runCrowd(
  input: CrowdInput,
  onSecond: (tally: Tally, seconds: number) => void = () => {},
): Promise<CrowdResult> {
  const options = CrowdOptions.parse(input);
  const tally = new Tally();
  const wire = openWire(options.url);
  const signal = AbortSignal.timeout(options.withinMs);
  setMaxListeners(0, signal);
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
  const ticker = setInterval(() => onSecond(tally, seconds()), SECOND_MS);
  try {
    const parts = { options, wire, tally, signal, handshake: semaphore(bounds.handshakesMax) };
    await Promise.all(
      Array.from({ length: options.fans }, async (_, number) => {
        tally.ended(await live(lifeOf(number, parts)));
      }),
    );
    return resultOf(tally, options.fans, seconds());
  } finally {
    clearInterval(ticker);
    wire.close();
  }
}

function resultOf(tally: Tally, fans: number, seconds: number): CrowdResult {
  const { endings, tickets, admitted, retries, reconnects } = tally;
  return {
    fans,
    seconds,
    endings,
    tickets,
    admitted,
    retries,
    reconnects,
    faults: [...tally.faults].map(([fault, times]) => ({ fault, times })).sort((a, b) => b.times - a.times),
    latencies: tally.latencies(),
    ok: tally.faultCount === 0 && endings.unanswered === 0 && endings.wronged === 0,
  };
}
