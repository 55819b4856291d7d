import { setTimeout as delay } from 'node:timers/promises';
import type { Sale } from '../../../bin/stack/sale.ts';

const EVERY_MS = 4_000;

/** kill -9 of one worker after the other until told to end; each comes back by itself. @returns how many were killed */
export async function killWorkers(
  sale: Sale,
  workers: readonly string[],
  goesOn: () => boolean,
): Promise<number> {
  let killed = 0;
  for (let next = performance.now() + EVERY_MS; ; next += EVERY_MS) {
    while (goesOn() && performance.now() < next) await delay(50);
    if (!goesOn()) return killed;
    await sale.kill(workers[killed % workers.length]!, 'SIGKILL');
    killed += 1;
  }
}
