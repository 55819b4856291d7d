import type { Stock } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { CoreClient } from '../core-client.ts';

interface Asked {
  atMs: number;
  answer: Promise<Stock | undefined>;
}

/** Stock by event, asked of the core at most every limits.stockMaxAgeMs by one process. */
export class Stocks {
  readonly #core: Pick<CoreClient, 'stock'>;
  readonly #onAway: (error: unknown) => void;
  readonly #asked = new Map<string, Asked>();

  constructor(core: Pick<CoreClient, 'stock'>, onAway: (error: unknown) => void) {
    this.#core = core;
    this.#onAway = onAway;
  }

  /** Undefined while the core is away. Its age counts from when it was asked for, not from when it came. */
  of(eventId: string): Promise<Stock | undefined> {
    const atMs = performance.now();
    const kept = this.#asked.get(eventId);
    if (kept !== undefined && atMs - kept.atMs <= limits.stockMaxAgeMs) return kept.answer;
    const answer = this.#core.stock(eventId).catch((error: unknown) => {
      this.#onAway(error);
      return undefined;
    });
    this.#asked.set(eventId, { atMs, answer });
    return answer;
  }
}
