import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import type { Context } from '../bench.ts';

/** Of a wait in which nothing moves. */
const STILL_MAX_MS = 60_000;

/** Runs phases, says how long each took, and keeps it. */
export function timer({ say }: Context) {
  const seconds = new Map<string, number>();
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const done = await work();
    seconds.set(name, (performance.now() - from) / 1_000);
    say(`${name}: ${seconds.get(name)!.toFixed(1)} s`);
    return done;
  };
  return Object.assign(timed, { seconds });
}

/** Something beside the phase at work failed: whoever waits is to hear of it. */
export function failure({ atEnd }: Context) {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let over = false;
  atEnd(async () => {
    over = true;
  });
  return {
    of: (fault: unknown): void => {
      if (!over) reject(fault);
    },
    orWhen: <T>(work: Promise<T>): Promise<T> => Promise.race([work, promise]),
  };
}

/** @param moved changes as long as it goes on; then it is waited for, however long it takes */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  moved: () => number = () => 0,
): Promise<void> {
  let [last, sinceMs] = [moved(), performance.now()];
  while (!(await condition())) {
    const now = moved();
    if (now !== last) [last, sinceMs] = [now, performance.now()];
    if (performance.now() - sinceMs > STILL_MAX_MS) throw new Error('The sale stands still.');
    await delay(limits.tickMs / 10);
  }
}
