import type { TickJob } from '@onsale/shared/jobs';
import type { Redis } from 'ioredis';
import { tickQueue } from './queue.ts';

export interface Waker {
  /** Asks for a tick of the room now. Never fails: the schedule ticks anyway. */
  wake(eventId: string, cause: Exclude<TickJob['cause'], 'schedule'>): void;
  close(): Promise<void>;
}

/**
 * Wakes are gathered: one a room waits to run at most, and what is asked for while it runs becomes one more after it, so
 * a join that the running tick has not seen is seen by the next. A worker killed while it runs one keeps the others out
 * until BullMQ finds it stalled; meanwhile only the schedule ticks.
 */
export function waker(redis: Redis, prefix: string): Waker {
  const queue = tickQueue(redis, prefix);
  return {
    wake(event, cause) {
      queue
        .add('tick', { event, cause }, { deduplication: { id: `wake-${event}`, keepLastIfActive: true } })
        .catch(() => {});
    },
    close: () => queue.close(),
  };
}
