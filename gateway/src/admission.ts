import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import { run } from '@onsale/shared/service/lifecycle';
import { logOptions } from '@onsale/shared/service/log-options';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { admissionMetrics } from './admission/metrics.ts';
import { tickQueue } from './admission/queue.ts';
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
const core = coreClient(config.CORE_INTERNAL_URL, config.SERVICE_TOKEN);
const fault = (error: unknown): void => log.warn({ error }, 'a fault that passes');
const coreAway = (error: unknown): void => {
  metrics.coreAway();
  log.warn({ error }, 'the booking core did not answer');
};

const ticks = new RoomTicks(
  { line, core, stocks: new Stocks(core, coreAway), onUnrecorded: coreAway },
  metrics.ticked,
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
        const queue = tickQueue(redis, config.REDIS_PREFIX);
        const watching = watch({
          line,
          core,
          queue,
          onFault: fault,
          onRecreated(event) {
            metrics.recreated(event);
            log.info({ event }, 'a silent room is ticking again');
          },
        });
        return async () => {
          watching.stop();
          await queue.close();
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
