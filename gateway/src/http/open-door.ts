import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@onsale/shared/errors';
import type { Batch } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { CoreClient } from '../core-client.ts';

interface Waiting {
  readonly place: string;
  readonly turn: number;
  readonly done: (error?: unknown) => void;
}

/**
 * Lets fans in without a line, for rooms that say so for the time that Redis is away. Nobody is let in unrecorded: who comes
 * within limits.openGatherMs is one batch of the core's, with no order, for there is none. Rate and capacity do not hold
 * meanwhile: only Redis knows them.
 */
export class OpenDoor {
  readonly #core: Pick<CoreClient, 'recordBatch'>;
  readonly #onAdmitted: (fans: number) => void;
  readonly #waiting = new Map<string, Waiting[]>();

  /** @param onAdmitted told of everyone let in so, for the metrics */
  constructor(core: Pick<CoreClient, 'recordBatch'>, onAdmitted: (fans: number) => void) {
    this.#core = core;
    this.#onAdmitted = onAdmitted;
  }

  /** @throws Refusal overloaded; unavailable when the core is away too */
  admit(eventId: string, epoch: number, place: string, turn: number): Promise<void> {
    const here = this.#waiting.get(eventId);
    if ((here?.length ?? 0) >= limits.openJoinsMax) {
      throw new Refusal('overloaded', { retryAfterMs: limits.retryAfterOutageMs });
    }
    return new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      if (here !== undefined) return void here.push({ place, turn, done });
      this.#waiting.set(eventId, [{ place, turn, done }]);
      void this.#record(eventId, epoch);
    });
  }

  async #record(eventId: string, epoch: number): Promise<void> {
    await delay(limits.openGatherMs);
    const all = this.#waiting.get(eventId)!;
    this.#waiting.delete(eventId);
    for (let at = 0; at < all.length; at += limits.batchMaxPlaces) {
      const some = all.slice(at, at + limits.batchMaxPlaces);
      const recorded = this.#core.recordBatch(eventId, batchOf(some, epoch));
      await recorded.then(
        () => {
          this.#onAdmitted(some.length);
          for (const { done } of some) done();
        },
        (error: unknown) => {
          for (const { done } of some) done(error);
        },
      );
    }
  }
}

/** A place may ask twice at once; a batch has it once. */
function batchOf(some: readonly Waiting[], epoch: number): Batch {
  const takenAtMs = Date.now();
  const places = new Map(some.map(({ place, turn }) => [place, turn]));
  return {
    batch: takenAtMs,
    epoch,
    takenAtMs,
    reason: 'open',
    places: [...places].map(([place, turn], at) => ({
      place,
      turn,
      order: takenAtMs * 1_000 + at,
      lane: 'general',
      back: true,
    })),
  };
}
