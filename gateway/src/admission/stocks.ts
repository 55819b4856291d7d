import type { Stock } from '@onsale/shared/http/internal';
import type { CoreClient } from '../core-client.ts';

interface Asked {
  atMs: number;
  answer: Promise<Stock | undefined>;
}

/** Stock by event, as the core last told this process. */
export class Stocks {
  readonly #core: Pick<CoreClient, 'stock'>;
  readonly #onAway: (error: unknown) => void;
  readonly #asked = new Map<string, Asked>();

  constructor(core: Pick<CoreClient, 'stock'>, onAway: (error: unknown) => void) {
    this.#core = core;
    this.#onAway = onAway;
  }

  /**
   * Undefined while the core is away.
   * @param maxAgeMs counts from when it was asked for, not from when it came
   */
  of(eventId: string, maxAgeMs: number): Promise<Stock | undefined> {
    const atMs = performance.now();
    const kept = this.#asked.get(eventId);
    if (kept !== undefined && atMs - kept.atMs <= maxAgeMs) return kept.answer;
    const answer = this.#core.stock(eventId).catch((error: unknown) => {
      this.#onAway(error);
      return undefined;
    });
    this.#asked.set(eventId, { atMs, answer });
    return answer;
  }
}
