import { expect } from 'vitest';

/**
 * How long a test of the pages waits for anything: a bound and no claim, many times what a machine needs that does nothing
 * else. Longer than every wait that the sale itself makes (a line heals for limits.healMs).
 */
export const patienceMs = 60_000;

/** What is read again until it is so: `await soon(() => page.title()).toMatch(…)`. */
export const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: patienceMs });
