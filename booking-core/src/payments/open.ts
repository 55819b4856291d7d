import { limits } from '@onsale/shared/limits';
import type { LifecycleLog } from '@onsale/shared/service/lifecycle';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { type Database, openDatabase } from '../db/database.ts';
import type { CoreMetrics } from '../metrics.ts';
import { openPayments, type Payments } from './payments.ts';
import { sandboxProvider } from './sandbox.ts';
import { deliverSandboxEvents, postTo } from './sandbox-deliver.ts';
import { webhookKeys } from './signature.ts';

export interface PaymentOptions {
  readonly DATABASE_URL: string;
  readonly SANDBOX_SLOW_MS: number;
  readonly HMAC_KEYS: string;
  readonly CORE_URL: string;
}

export interface SandboxPayments {
  readonly payments: Payments;
  /** The sandbox's own work: delivers its webhooks that are due. */
  readonly deliver: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Payments with the sandbox provider, which has connections of its own: it stands for a system that is not ours. */
export function openSandboxPayments(
  database: Database,
  options: PaymentOptions,
  metrics: CoreMetrics,
  log: LifecycleLog,
): SandboxPayments {
  const keys = webhookKeys(keyringOf(options.HMAC_KEYS), 'sandbox');
  const ledger = openDatabase(options.DATABASE_URL, { connections: limits.sandboxConnectionsMax });
  const payments = openPayments(database, sandboxProvider(ledger.db, options.SANDBOX_SLOW_MS, keys), {
    settled: metrics.settled,
    fault(error, about) {
      metrics.providerFault(about.step);
      log.error({ error, ...about }, 'the payment provider did not answer as hoped');
    },
  });
  const post = postTo(`${options.CORE_URL.replace(/\/$/, '')}/api/v1/webhooks/sandbox`);
  return {
    payments,
    deliver: () => deliverSandboxEvents(ledger.db, keys, post),
    close: ledger.close,
  };
}
