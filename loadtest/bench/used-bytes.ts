import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const LOOK_EVERY_MS = 20;

/** What Redis says it uses, everything counted. Memory that is still being freed is waited for. */
export async function usedBytes(redis: Redis): Promise<number> {
  for (;;) {
    const info = await redis.info('memory');
    const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    if (field('lazyfree_pending_objects') === 0) return field('used_memory');
    await delay(LOOK_EVERY_MS);
  }
}
