import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** A bound for what never comes, and no claim of how soon it comes: a machine may be busy with much else. */
const PATIENCE_MS = 30_000;

/**
 * Waits until the condition gives something true, looking again and again.
 * @param condition may throw while it is not yet so; the last error is the cause of ours.
 * @returns what it gave. @throws saying what did not come, how long was waited, and what was seen last.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { withinMs = PATIENCE_MS, what }: { withinMs?: number; what: string },
): Promise<Exclude<Awaited<T>, undefined | null | false | 0 | ''>> {
  const deadline = performance.now() + withinMs;
  let seen: unknown;
  let cause: unknown;
  do {
    try {
      seen = await condition();
      cause = undefined;
      if (seen) return seen as Exclude<Awaited<T>, undefined | null | false | 0 | ''>;
    } catch (error) {
      cause = error;
    }
    await delay(LOOK_EVERY_MS);
  } while (performance.now() < deadline);
  const last = cause === undefined ? `last seen: ${JSON.stringify(seen)}` : `last error: ${String(cause)}`;
  throw new Error(`Not within ${withinMs} ms: ${what} (${last})`, { cause });
}
