import { type Chore, chores, queues } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import { bullPrefix } from '@onsale/shared/redis-keys';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';

const everyMs: Record<Chore, number> = {
  reconcile: limits.reconcileEveryMs,
  lapse: limits.lapseEveryMs,
  cancel: limits.reconcileEveryMs,
  sandbox: limits.sandboxDeliverEveryMs,
  mail: limits.mailEveryMs,
  tidy: limits.tidyEveryMs,
};

/** A chore leaves nothing behind: what it did stands in Postgres, and one that failed is followed by the next. */
const jobOptions = { removeOnComplete: true, removeOnFail: true } as const;

/** The queue of chores; the connection stays its owner's to close. */
export function choreQueue(redis: Redis, prefix: string): Queue {
  const queue = new Queue(queues.chores, { connection: redis, prefix: bullPrefix(prefix) });
  // Without a listener an error event would end the process. The connection's owner sees the same fault.
  queue.on('error', () => {});
  return queue;
}

/**
 * Makes the schedulers that are not there, or whose next run is long past: a wiped Redis takes them along, and nothing in
 * BullMQ brings them back. Safe from several workers at once. @returns which were made.
 */
export async function scheduleChores(queue: Queue): Promise<Chore[]> {
  const made: Chore[] = [];
  for (const chore of chores) {
    const scheduler = await queue.getJobScheduler(chore);
    const silentMs = Date.now() - (scheduler?.next ?? 0);
    if (scheduler !== undefined && silentMs < everyMs[chore] * limits.silentTicks) continue;
    await queue.upsertJobScheduler(chore, { every: everyMs[chore] }, { name: chore, opts: jobOptions });
    made.push(chore);
  }
  return made;
}

/** Does the chores of the queue. One whose worker died is found after its lock and done by another. */
export function choreWorker(
  redis: Redis,
  prefix: string,
  work: Record<Chore, () => Promise<unknown>>,
  onFault: (fault: unknown) => void,
): Worker {
  const worker = new Worker(
    queues.chores,
    async ({ name }) => {
      if (!(chores as readonly string[]).includes(name)) throw new Error(`there is no chore ${name}`);
      await work[name as Chore]();
    },
    {
      connection: redis,
      prefix: bullPrefix(prefix),
      concurrency: chores.length,
      lockDuration: limits.choreLockMs,
      stalledInterval: limits.choreLockMs,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  worker.on('error', onFault);
  worker.on('failed', (_job, fault) => onFault(fault));
  return worker;
}
