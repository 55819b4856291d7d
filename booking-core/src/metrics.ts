import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ClaimWatch } from './holds/claimer.ts';
import type { MailOutcome } from './mail/send.ts';
import type { Settled } from './payments/settle.ts';

export interface CoreMetrics extends ClaimWatch {
  readonly registry: Registry;
  hold(outcome: string): void;
  retried(code: string): void;
  settled(became: Settled): void;
  providerFault(step: string): void;
  mail(outcome: MailOutcome): void;
  invitation(outcome: string): void;
  /** Where waiting mails are counted when somebody asks; a database that is away gives no numbers. */
  watchMails(count: () => Promise<{ waiting: number; oldestAgeS: number }>): void;
  /** Where pool and queues are read when somebody asks. */
  watch(read: { pool: () => { total: number; idle: number; waiting: number }; claims: () => number }): void;
}

/** What `/metrics` of the booking core and its worker says. */
export function coreMetrics(): CoreMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const holds = new Counter({
    name: 'onsale_core_holds_total',
    help: 'Requests for a hold, by outcome: held, replay, or the code of the refusal',
    labelNames: ['outcome'],
    registers,
  });
  const batchSize = new Histogram({
    name: 'onsale_core_claim_batch_holds',
    help: 'Holds judged in one commit',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
    registers,
  });
  const proposalsLost = new Counter({
    name: 'onsale_core_proposals_lost_total',
    help: 'Holds whose proposed tickets others had taken first: they are proposed other ones, or refused (seatsTaken for chosen seats)',
    registers,
  });
  const claimSeconds = new Histogram({
    name: 'onsale_core_claim_seconds',
    help: 'Time of one batch at the database, waiting for the event lock included',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 3],
    registers,
  });
  const reloads = new Counter({
    name: 'onsale_core_candidate_reloads_total',
    help: 'Times the free tickets of a tier were read',
    registers,
  });
  const retries = new Counter({
    name: 'onsale_core_sql_retries_total',
    help: 'Work run again, by SQLSTATE (40P01 deadlock, 40001 serialization failure)',
    labelNames: ['code'],
    registers,
  });
  const settlements = new Counter({
    name: 'onsale_core_payments_total',
    help: 'Payments settled, by what became of them',
    labelNames: ['became'],
    registers,
  });
  const providerFaults = new Counter({
    name: 'onsale_core_provider_faults_total',
    help: 'Calls to the payment provider that failed, by step; reconciliation repeats them',
    labelNames: ['step'],
    registers,
  });

  const mails = new Counter({
    name: 'onsale_core_mails_total',
    help: 'Attempts to send a mail, by outcome: sent, kept (of a rehearsal), failed (it is tried again), givenUp, empty (there was nothing to say)',
    labelNames: ['outcome'],
    registers,
  });

  const invitations = new Counter({
    name: 'onsale_core_invitations_total',
    help: 'Places that came with an invitation, by outcome: new, already, spent, over, invalid',
    labelNames: ['outcome'],
    registers,
  });

  return {
    registry,
    hold: (outcome) => holds.inc({ outcome }),
    judged(size, tookMs, lost) {
      batchSize.observe(size);
      claimSeconds.observe(tookMs / 1000);
      proposalsLost.inc(lost);
    },
    reloaded: () => reloads.inc(),
    retried: (code) => retries.inc({ code }),
    settled: (became) => settlements.inc({ became }),
    providerFault: (step) => providerFaults.inc({ step }),
    mail: (outcome) => mails.inc({ outcome }),
    invitation: (outcome) => invitations.inc({ outcome }),
    watchMails(count) {
      const oldest = new Gauge({
        name: 'onsale_core_mail_oldest_seconds',
        help: 'Age of the oldest mail that waits to be sent',
        registers,
      });
      new Gauge({
        name: 'onsale_core_mails_waiting',
        help: 'Mails that wait to be sent',
        registers,
        async collect() {
          const now = await count().catch(() => undefined);
          this.set(now?.waiting ?? Number.NaN);
          oldest.set(now?.oldestAgeS ?? Number.NaN);
        },
      });
    },
    watch({ pool, claims }) {
      new Gauge({
        name: 'onsale_core_pool_connections',
        help: 'Connections to Postgres, and requests that wait for one',
        labelNames: ['state'],
        registers,
        collect() {
          const { total, idle, waiting } = pool();
          this.set({ state: 'busy' }, total - idle);
          this.set({ state: 'idle' }, idle);
          this.set({ state: 'waiting' }, waiting);
        },
      });
      new Gauge({
        name: 'onsale_core_claims_waiting',
        help: 'Requests for a hold that wait for their batch',
        registers,
        collect() {
          this.set(claims());
        },
      });
    },
  };
}
