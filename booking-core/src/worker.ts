import { setInterval as every } from 'node:timers/promises';
import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import { createApp } from '@onsale/shared/service/app';
import { addVitals } from '@onsale/shared/service/internal-app';
import { run } from '@onsale/shared/service/lifecycle';
import { logOptions } from '@onsale/shared/service/log-options';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { choreQueue, choreWorker, scheduleChores } from './chores/queue.ts';
import { tidy } from './chores/tidy.ts';
import { openDatabase } from './db/database.ts';
import { countWaiting, forgetLinks } from './mail/outbox.ts';
import { openPost } from './mail/post.ts';
import { type SendParts, sendMails } from './mail/send.ts';
import { coreMetrics } from './metrics.ts';
import { refundCancelled } from './orders/refund-cancelled.ts';
import { cancelLapsing } from './payments/lapsing.ts';
import { openConfiguredPayments, paymentOptions } from './payments/open.ts';
import { reconcile } from './payments/reconcile.ts';
import { ailing } from './service/health.ts';
import { serverPart } from './service/server.ts';

/**
 * The booking core's worker: settles payments whose answer was lost, cancels those whose hold is about
 * to lapse, carries out refunds, sends mail, tidies; and delivers the sandbox provider's webhooks. No hold needs it to run
 * out. Any number of these processes run side by side, and each may be killed at any moment.
 */
const config = readConfig(process.env, [
  ...paymentOptions,
  'REDIS_URL',
  'REDIS_PREFIX',
  'HOST',
  'CORE_WORKER_INTERNAL_PORT',
  'LOG_LEVEL',
  'PUBLIC_URL',
  'SMTP_URL',
  'MAIL_DIR',
  'MAIL_FROM',
]);
const log = pino(logOptions('core-worker', config.LOG_LEVEL));
const metrics = coreMetrics();
const database = openDatabase(config.DATABASE_URL, { onRetry: metrics.retried });
const { payments, deliver, close: closePayments } = openConfiguredPayments(database, config, metrics, log);
const mail: SendParts = {
  db: database.db,
  ring: keyringOf(config.HMAC_KEYS),
  publicUrl: config.PUBLIC_URL,
  post: openPost(config),
  onOutcome(outcome, about) {
    metrics.mail(outcome);
    if (about !== undefined) log.warn({ outcome, ...about }, 'a mail was not sent');
  },
};
metrics.watchMails(() => countWaiting(database.db));
const redis = new Redis(config.REDIS_URL, {
  lazyConnect: true,
  // BullMQ asks for this: a command waits for Redis to come back.
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(times * 50, limits.redisRetryMs),
});
const fault = (error: unknown): void => log.warn({ error }, 'a fault that passes');

const vitals = createApp((error, about) => log.error({ error, ...about }, 'a request failed'));
addVitals(vitals, {
  ailing: async () => [...(redis.status === 'ready' ? [] : ['redis']), ...(await ailing(database.db))],
  metrics: () => metrics.registry.metrics(),
});

await run(
  [
    {
      name: 'database',
      start: async () => async () => {
        await closePayments();
        await database.close();
      },
    },
    {
      name: 'redis',
      async start() {
        redis.on('error', fault);
        await redis.connect().catch(fault);
        return async () => redis.disconnect();
      },
    },
    serverPart({
      name: 'internal port',
      app: vitals,
      host: config.HOST,
      port: config.CORE_WORKER_INTERNAL_PORT,
    }),
    {
      name: 'schedulers',
      async start() {
        const queue = choreQueue(redis, config.REDIS_PREFIX);
        const ended = new AbortController();
        const look = async (): Promise<void> => {
          const made = await scheduleChores(queue);
          if (made.length > 0) log.info({ made }, 'chores are scheduled');
        };
        const rounds = async (): Promise<void> => {
          await look().catch(fault);
          for await (const _ of every(limits.reconcileEveryMs, undefined, { signal: ended.signal })) {
            await look().catch(fault);
          }
        };
        // It ends by being aborted, and then nobody needs to know.
        void rounds().catch(() => {});
        return async () => {
          ended.abort();
          await queue.close();
        };
      },
    },
    {
      name: 'chores',
      async start() {
        const worker = choreWorker(
          redis,
          config.REDIS_PREFIX,
          {
            reconcile: () => reconcile(database.db, payments),
            lapse: () => cancelLapsing(database.db, payments),
            cancel: () => refundCancelled(database, payments),
            sandbox: deliver,
            mail: () => sendMails(mail),
            tidy: () => Promise.all([tidy(database.db), forgetLinks(database.db)]),
          },
          fault,
        );
        return () => worker.close();
      },
    },
  ],
  log,
);
