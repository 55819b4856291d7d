import { setTimeout as delay } from 'node:timers/promises';
import type { Sale } from '../../../bin/stack/sale.ts';
import type { Line } from '../../../gateway/src/line/line.ts';
import { type Plan, setPolicy } from './rooms.ts';

const EVERY_MS = 2_500;
const LOOK_EVERY_MS = 5;
/** A change that is not in force by then never will be. */
const GIVE_UP_MS = 10_000;

/**
 * An operator turns the rate up and down until told to end, at an odd time between two copies of the rooms.
 * @returns how long after the answer to each change the first look by it was, ms
 */
export async function changeRates(
  sale: Sale,
  line: Line,
  { eventId, policy }: Plan,
  random: () => number,
  goesOn: () => boolean,
): Promise<number[]> {
  const tookMs: number[] = [];
  const versionOf = async () => (await line.snapshot(eventId))?.room.version;
  while (goesOn()) {
    const { version } = await setPolicy(sale, eventId, {
      ratePerMinute: policy.ratePerMinute + (tookMs.length % 2),
    });
    const startedAtMs = performance.now();
    while ((await versionOf()) !== version) {
      if (performance.now() - startedAtMs > GIVE_UP_MS)
        throw new Error(`Version ${version} of ${eventId} does not come into force.`);
      await delay(LOOK_EVERY_MS);
    }
    tookMs.push(performance.now() - startedAtMs);
    await delay(EVERY_MS * (0.8 + 0.4 * random()));
  }
  return tookMs;
}
