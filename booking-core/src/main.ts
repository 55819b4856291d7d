import { readConfig } from '@onsale/shared/config';
import { addVitals } from '@onsale/shared/service/internal-app';
import { run } from '@onsale/shared/service/lifecycle';
import { logOptions } from '@onsale/shared/service/log-options';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { pino } from 'pino';
import { openCore } from './core.ts';
import { openDatabase } from './db/database.ts';
import { coreMetrics } from './metrics.ts';
import { openConfiguredPayments, paymentOptions } from './payments/open.ts';
import { ailing } from './service/health.ts';
import { serverPart } from './service/server.ts';

/**
 * The booking core: what is sold, to whom, for what. Any number of these processes work on one database, and each may be
 * killed at any moment. It keeps nothing that Postgres does not have.
 */
const config = readConfig(process.env, [
  ...paymentOptions,
  'HOST',
  'CORE_PORT',
  'CORE_INTERNAL_PORT',
  'SERVICE_TOKEN',
  'LOG_LEVEL',
]);
const log = pino(logOptions('core', config.LOG_LEVEL));
const metrics = coreMetrics();
const database = openDatabase(config.DATABASE_URL, { onRetry: metrics.retried });
const { payments, close: closePayments } = openConfiguredPayments(database, config, metrics, log);
const core = openCore({
  database,
  payments,
  ring: keyringOf(config.HMAC_KEYS),
  serviceToken: config.SERVICE_TOKEN,
  metrics,
  report: (error, about) => log.error({ error, ...about }, 'a request failed'),
});
addVitals(core.internalApp, {
  ailing: () => ailing(database.db),
  metrics: () => metrics.registry.metrics(),
});

const host = config.HOST;
await run(
  [
    {
      name: 'database',
      // Connections are made when they are needed: a database that is not there yet is waited for by whoever asks.
      start: async () => async () => {
        core.stop();
        await closePayments();
        await database.close();
      },
    },
    serverPart({ name: 'internal port', app: core.internalApp, host, port: config.CORE_INTERNAL_PORT }),
    serverPart({ name: 'public port', app: core.publicApp, host, port: config.CORE_PORT }),
  ],
  log,
);
