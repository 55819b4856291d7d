import { queues, type TickJob, tickSchedulerId } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import { bullPrefix } from '@onsale/shared/redis-keys';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** The queue of ticks; the connection stays its owner's to close. */
export function tickQueue(redis: Redis, prefix: string): Queue<TickJob> {
  const queue = new Queue<TickJob>(queues.admission, {
    connection: redis,
    prefix: bullPrefix(prefix),
    defaultJobOptions: tickJobOptions,
  });
  // Without a listener an error event would end the process. The connection's owner sees the same fault.
  queue.on('error', () => {});
  return queue;
}

/** A tick leaves nothing behind: what it did stands in the line, and a tick that failed is followed by the next. */
export const tickJobOptions = { removeOnComplete: true, removeOnFail: true } as const;

/** Makes the room's one scheduler, or changes how often it ticks. Again, or by two at once, changes nothing. */
export async function scheduleTicks(
  queue: Queue<TickJob>,
  event: string,
  { quiet }: { quiet: boolean },
): Promise<void> {
  await queue.upsertJobScheduler(
    tickSchedulerId(event),
    { every: quiet ? limits.quietTickMs : limits.tickMs },
    { name: 'tick', data: { event, cause: 'schedule' } },
  );
}
