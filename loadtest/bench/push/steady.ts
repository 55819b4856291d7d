import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import { OURS, type Stage } from './rounds.ts';

/** The gateway in the midst of a sale: ticks come one after the other, each lets fans in. */
export interface Steady {
  /** Part of one core. */
  readonly cpu: number;
  readonly pushesPerSecond: number;
}

export async function steady({ line, gateway, fans }: Stage, forMs: number): Promise<Steady> {
  const before = await fans.heard(OURS);
  const cpuBefore = await gateway.cpuMs();
  const began = performance.now();
  for (let tick = 1; performance.now() - began < forMs; tick += 1) {
    await line.tick();
    await delay(Math.max(0, tick * limits.tickMs - (performance.now() - began)));
  }
  const tookMs = performance.now() - began;
  const cpu = ((await gateway.cpuMs()) - cpuBefore) / tookMs;
  const after = await fans.heard(OURS);
  return { cpu, pushesPerSecond: ((after.messages - before.messages) * 1_000) / tookMs };
}
