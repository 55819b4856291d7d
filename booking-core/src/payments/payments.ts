import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Database } from '../db/database.ts';
import { within } from '../service/within.ts';
import { askPayment, type Payment } from './ask.ts';
import type { ChargeState, Provider } from './provider.ts';
import { giveBack } from './refund.ts';
import { type Settled, settleCaptured, settleDeclined } from './settle.ts';

export interface PaymentWatch {
  settled(became: Settled): void;
  /** Something at the provider or on the way there failed; the payment stays asked, the refund stays to be done. */
  fault(fault: unknown, about: { payment?: string; refund?: string; step: string }): void;
}

export interface Payments {
  /**
   * Pays an order: asked, charged, settled, each step written down before the next. Returns also when the provider's
   * answer is still out; reconciliation settles it then.
   * @throws Refusal paymentDeclined and those of askPayment
   */
  pay(orderId: string, key: string, method: string): Promise<void>;
  /** Asks the provider for one payment whose answer was lost, and settles it. Faults are told to the watch. */
  recover(payment: Payment): Promise<void>;
  /** Carries out refunds that are due. @returns how many */
  refund(): Promise<number>;
}

/** @param waitMs how long `pay` waits for the provider */
export function openPayments(
  database: Database,
  provider: Provider,
  watch: PaymentWatch,
  waitMs: number = limits.providerTimeoutMs,
): Payments {
  const bounded = <T>(answer: Promise<T>): Promise<T> => within(waitMs, answer);

  const refundOne = (paymentId?: string): Promise<number> =>
    giveBack(
      database.db,
      provider,
      (fault, refund) => watch.fault(fault, { refund, step: 'refund' }),
      paymentId,
    );

  const settle = async (payment: Payment, state: Exclude<ChargeState, 'pending'>): Promise<Settled> => {
    const became =
      state === 'captured'
        ? await settleCaptured(database, payment.id)
        : await settleDeclined(database, payment.id);
    watch.settled(became);
    // Decided and committed; if we die before it is carried out, reconciliation does it.
    if (became === 'returned') await refundOne(payment.id);
    return became;
  };

  /** Charges, and waits while the charge is pending. Undefined: no answer in time, nothing is known. */
  const charge = async (payment: Payment): Promise<Exclude<ChargeState, 'pending'> | undefined> => {
    const deadlineMs = performance.now() + waitMs;
    try {
      let state: ChargeState | 'unknown' = await bounded(
        provider.charge(payment.id, payment.amountMinor, payment.method),
      );
      while (state === 'pending' && performance.now() < deadlineMs) {
        await delay(Math.min(limits.providerPollMs, waitMs));
        state = await bounded(provider.status(payment.id));
      }
      return state === 'captured' || state === 'declined' ? state : undefined;
    } catch (fault) {
      watch.fault(fault, { payment: payment.id, step: 'charge' });
      return undefined;
    }
  };

  return {
    async pay(orderId, key, method) {
      const payment = await askPayment(database, { orderId, key, provider: provider.name, method });
      let became = payment.state;
      if (became === 'asked') {
        const state = await charge(payment);
        if (state !== undefined) became = await settle(payment, state);
      }
      if (became === 'declined') throw new Refusal('paymentDeclined');
    },

    async recover(payment) {
      try {
        const known = await bounded(provider.status(payment.id));
        // Killed before the charge was sent: the fan asked to pay, so it is sent now. Writing it off instead could meet
        // the same charge coming from a retry, and lose its money.
        const state =
          known === 'unknown'
            ? await bounded(provider.charge(payment.id, payment.amountMinor, payment.method))
            : known;
        if (state !== 'pending') await settle(payment, state);
      } catch (fault) {
        watch.fault(fault, { payment: payment.id, step: 'recover' });
      }
    },

    refund: () => refundOne(),
  };
}
