import { backOffMs } from '../../crowd/back-off.ts';
import { bounds } from '../../crowd/bounds.ts';
import type { Random } from './seeded.ts';

/** Refusals that say "later": a browser tries again by itself, with the same key. */
const LATER: ReadonlySet<string> = new Set([
  'unavailable',
  'overloaded',
  'tooManyRequests',
  'inFlight',
  'internal',
]);

/** What of an answer decides whether it is asked for again. */
export interface Outcome {
  /** 0: nobody answered. */
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterMs: number;
}

/** Nobody gave an answer worth the name for bounds.answerWithinMs, or until the fan's patience was over. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

/**
 * Asks until there is an answer, as a browser does: with back-off and jitter, never sooner than Retry-After.
 * @param once sends the same request again, with the same Idempotency-Key.
 * @throws Unanswered
 */
export async function repeat<T extends Outcome>(
  once: () => T,
  parts: {
    readonly random: Random;
    readonly now: () => number;
    readonly pause: (ms: number) => Promise<void>;
    readonly untilMs: number;
    /** Told of each answer that is not the last. */
    readonly onAgain: (answer: T) => void;
  },
): Promise<T> {
  const giveUpAtMs = Math.min(parts.untilMs, parts.now() + bounds.answerWithinMs);
  for (let attempt = 1; ; attempt += 1) {
    const answer = once();
    const later = answer.status === 0 || (answer.code !== undefined && LATER.has(answer.code));
    if (!later) return answer;
    parts.onAgain(answer);
    const pauseMs = backOffMs(attempt, answer.retryAfterMs, parts.random);
    if (parts.now() + pauseMs > giveUpAtMs)
      throw new Unanswered(`${answer.status} ${answer.code ?? 'no answer'}`);
    await parts.pause(pauseMs);
  }
}
