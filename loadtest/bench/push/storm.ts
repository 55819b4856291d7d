import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { commandsOf } from './commands.ts';
import { OURS, type Stage } from './rounds.ts';

/** Everybody comes back at once. */
export interface Storm {
  /** From the first that came until the last had his status. */
  readonly allAfterMs: number;
  readonly cpuMs: number;
  readonly refused: number;
  /** What the first of them was told. */
  readonly refusal: string | undefined;
  /** Redis commands per socket, all of what the gateway did meanwhile. */
  readonly commands: number;
}

/** Half of limits.reconnectSpreadMs and less: a gateway that died told nobody when to come. */
const COME_PER_SECOND = 5_000;
const WITHIN_MS = 30_000;

/** All connections are cut, and come back as fast as the machine makes them, to the one gateway there is. */
export async function storm({ line, gateway, fans, first }: Stage, redis: Redis): Promise<Storm> {
  await fans.close(OURS);
  await delay(1_000);
  const auths = first.map(line.authOf);
  const cpuBefore = await gateway.cpuMs();
  const beganMs = Date.now();
  let heard: Awaited<ReturnType<typeof fans.heard>> | undefined;
  const { sent } = await commandsOf(redis, async () => {
    await fans.open({ to: OURS, port: gateway.port, auths, perSecond: COME_PER_SECOND });
    const isBack = (atMs: number): boolean => atMs > 0;
    heard = await fans.until(
      OURS,
      ({ atMs, refused }) => atMs.filter(isBack).length + refused >= first.length,
      'back',
      WITHIN_MS,
    );
  });
  const { atMs, refused, refusal } = heard!;
  return {
    allAfterMs: Math.max(...atMs) - beganMs,
    cpuMs: (await gateway.cpuMs()) - cpuBefore,
    refused,
    refusal,
    commands: sent / first.length,
  };
}
