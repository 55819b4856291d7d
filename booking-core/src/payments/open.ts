import { limits } from '@onsale/shared/limits';
import type { LifecycleLog } from '@onsale/shared/service/lifecycle';
import { type Database, openDatabase } from '../db/database.ts';
import type { CoreMetrics } from '../service/metrics.ts';
import { openPayments, type Payments } from './payments.ts';
import { sandboxProvider } from './sandbox.ts';

export interface PaymentOptions {
  readonly DATABASE_URL: string;
  readonly SANDBOX_SLOW_MS: number;
}

/** Payments with the sandbox provider, which has connections of its own: it stands for a system that is not ours. */
export function openSandboxPayments(
  database: Database,
  options: PaymentOptions,
  metrics: CoreMetrics,
  log: LifecycleLog,
): { readonly payments: Payments; readonly close: () => Promise<void> } {
  const ledger = openDatabase(options.DATABASE_URL, { connections: limits.sandboxConnectionsMax });
  const payments = openPayments(database, sandboxProvider(ledger.db, options.SANDBOX_SLOW_MS), {
    settled: metrics.settled,
    fault(error, about) {
      metrics.providerFault(about.step);
      log.error({ error, ...about }, 'the payment provider did not answer as hoped');
    },
  });
  return { payments, close: ledger.close };
}
