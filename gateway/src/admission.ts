import { readConfig } from '@onsale/shared/config';
import { type TickJob, tickSchedulerId } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import { run } from '@onsale/shared/service/lifecycle';
import { logOptions } from '@onsale/shared/service/log-options';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { admissionMetrics } from './admission/metrics.ts';
import { scheduleTicks, tickQueue } from './admission/queue.ts';
import { RoomTicks } from './admission/room-ticks.ts';
import { Stocks } from './admission/stocks.ts';
import { watch } from './admission/watch.ts';
import { tickWorker } from './admission/worker.ts';
import { coreClient } from './core-client.ts';
import { Line } from './line/line.ts';
import { vitalsPart } from './vitals.ts';

/**
 * The admission worker: lets fans in, room by room, tick by tick. Any number of these processes run side by side, and
 * each may be killed at any moment. While Redis is away it waits, and goes on by itself.
 */
const config = readConfig(process.env, [
  'REDIS_URL',
  'REDIS_PREFIX',
  'HOST',
  'ADMISSION_INTERNAL_PORT',
  'CORE_INTERNAL_URL',
  'SERVICE_TOKEN',
  'LOG_LEVEL',
]);
const log = pino(logOptions('admission', config.LOG_LEVEL));
const metrics = admissionMetrics();

const redis = new Redis(config.REDIS_URL, {
  lazyConnect: true,
  // BullMQ asks for this: a command waits for Redis to come back. A script sent twice by it is harmless.
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(times * 50, limits.redisRetryMs),
});
const line = new Line(redis, config.REDIS_PREFIX);
let queue: Queue<TickJob> | undefined;
const core = coreClient(config.CORE_INTERNAL_URL, config.SERVICE_TOKEN);
const fault = (error: unknown): void => log.warn({ error }, 'a fault that passes');
const coreAway = (error: unknown): void => {
  metrics.coreAway();
  log.warn({ error }, 'the booking core did not answer');
};

const ticks = new RoomTicks(
  { line, core, stocks: new Stocks(core, coreAway), onUnrecorded: coreAway },
  metrics.ticked,
  {
    // Where the copy was only lost, it is back in a moment, and a silent room gets another schedule.
    async end(event) {
      await queue?.removeJobScheduler(tickSchedulerId(event));
    },
    async pace(event, pace) {
      if (queue !== undefined) await scheduleTicks(queue, event, pace);
    },
  },
);

await run(
  [
    {
      name: 'redis',
      async start() {
        redis.on('error', fault);
        await redis.connect().catch(fault);
        return async () => redis.disconnect();
      },
    },
    vitalsPart({ host: config.HOST, port: config.ADMISSION_INTERNAL_PORT }, redis, metrics.registry, log),
    {
      name: 'watch',
      async start() {
        const made = tickQueue(redis, config.REDIS_PREFIX);
        queue = made;
        const watching = watch({
          line,
          core,
          queue: made,
          onFault: fault,
          onLost(event, epoch) {
            metrics.lost(event);
            log.warn({ event, epoch }, 'Redis lost the line: it is being put together again');
          },
          onListed: metrics.only,
          onRecreated(event) {
            metrics.recreated(event);
            log.info({ event }, 'a silent room is ticking again');
          },
        });
        return async () => {
          watching.stop();
          await made.close();
        };
      },
    },
    {
      name: 'worker',
      async start() {
        const worker = tickWorker(redis, config.REDIS_PREFIX, ticks, fault);
        return () => worker.close();
      },
    },
  ],
  log,
);
