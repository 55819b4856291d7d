import { queues, TickJob } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import { bullPrefix } from '@onsale/shared/redis-keys';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RoomTicks } from './room-ticks.ts';

/**
 * Takes ticks from the queue. A tick of a worker that died is found after its lock and run again by another; there is no
 * number of times after which that ends, for a tick is safe to repeat.
 * @param redis with `maxRetriesPerRequest: null`, as BullMQ wants it
 */
export function tickWorker(
  redis: Redis,
  prefix: string,
  ticks: RoomTicks,
  onFault: (error: unknown) => void,
): Worker<TickJob> {
  const worker = new Worker<TickJob>(queues.admission, async ({ data }) => ticks.run(TickJob.parse(data)), {
    connection: redis,
    prefix: bullPrefix(prefix),
    concurrency: limits.tickConcurrency,
    lockDuration: limits.tickLockMs,
    stalledInterval: limits.tickStalledCheckMs,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    runRetryDelay: limits.redisRetryMs,
  });
  worker.on('error', onFault);
  worker.on('failed', (_, error) => onFault(error));
  return worker;
}
