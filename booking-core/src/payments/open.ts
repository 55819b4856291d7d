import type { Config } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import type { LifecycleLog } from '@onsale/shared/service/lifecycle';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { type Database, openDatabase } from '../db/database.ts';
import type { CoreMetrics } from '../metrics.ts';
import { openPayments, type Payments } from './payments.ts';
import type { Provider } from './provider.ts';
import { sandboxProvider } from './sandbox.ts';
import { deliverSandboxEvents, postTo } from './sandbox-deliver.ts';
import { webhookKeys } from './signature.ts';
import { stripeClient } from './stripe/client.ts';
import { stripeProvider } from './stripe/provider.ts';

/** The options a process with payments reads. */
export const paymentOptions = [
  'DATABASE_URL',
  'CORE_URL',
  'HMAC_KEYS',
  'SANDBOX_SLOW_MS',
  'PAYMENT_PROVIDER',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_PUBLISHABLE_KEY',
  'STRIPE_API_URL',
] as const;
export type PaymentConfig = Config<(typeof paymentOptions)[number]>;

export interface OpenedPayments {
  readonly payments: Payments;
  /** The sandbox's own work: delivers its webhooks that are due. */
  readonly deliver: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/**
 * Payments with every provider that is configured: the one of PAYMENT_PROVIDER takes new ones, the others keep those that
 * were made with them. The sandbox is always there, with connections of its own: it stands for a system that is not ours.
 */
export function openConfiguredPayments(
  database: Database,
  config: PaymentConfig,
  metrics: CoreMetrics,
  log: LifecycleLog,
): OpenedPayments {
  const keys = webhookKeys(keyringOf(config.HMAC_KEYS), 'sandbox');
  const ledger = openDatabase(config.DATABASE_URL, { connections: limits.sandboxConnectionsMax });
  const sandbox = sandboxProvider(ledger.db, config.SANDBOX_SLOW_MS, keys);
  const payments = openPayments(database, inOrder(config, sandbox), {
    settled: metrics.settled,
    fault(error, about) {
      metrics.providerFault(about.step);
      log.error({ error, ...about }, 'the payment provider did not answer as hoped');
    },
  });
  const post = postTo(`${config.CORE_URL.replace(/\/$/, '')}/api/v1/webhooks/sandbox`);
  return {
    payments,
    deliver: () => deliverSandboxEvents(ledger.db, keys, post),
    close: ledger.close,
  };
}

/** The configured providers, that of new payments first. */
function inOrder(config: PaymentConfig, sandbox: Provider): [Provider, ...Provider[]] {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl } = config;
  if (secretKey === undefined) return [sandbox];
  const stripe = stripeProvider(stripeClient(secretKey, apiUrl), {
    publishableKey: config.STRIPE_PUBLISHABLE_KEY ?? '',
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET ?? [],
  });
  return config.PAYMENT_PROVIDER === 'stripe' ? [stripe, sandbox] : [sandbox, stripe];
}
