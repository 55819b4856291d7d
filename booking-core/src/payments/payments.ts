import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '@onsale/shared/errors';
import type { PaymentRequest } from '@onsale/shared/http/orders';
import type { PaymentOptions } from '@onsale/shared/http/payment-options';
import { limits } from '@onsale/shared/limits';
import type { Database } from '../db/database.ts';
import { within } from '../service/within.ts';
import { askPayment } from './ask.ts';
import { keepDelivery, settleInbox } from './inbox.ts';
import { methodOf, REHEARSAL_PROVIDER } from './methods.ts';
import { type Payment, watched } from './payment.ts';
import type { ChargeState, FinalState, Provider } from './provider.ts';
import { giveBack } from './refund.ts';
import { type Settled, settleCaptured, settleUntaken } from './settle.ts';

export interface PaymentWatch {
  settled(became: Settled): void;
  /** Something at the provider or on the way there failed; the payment stays asked, the refund stays to be done. */
  fault(fault: unknown, about: { payment?: string; refund?: string; step: string }): void;
}

export interface Payments {
  /** Who takes the money of new payments, as the page is told. */
  readonly offer: PaymentOptions;
  /**
   * Pays an order: asked, charged, settled, each step written down before the next. Returns also when the provider's
   * answer is still out; reconciliation settles it then.
   * @throws Refusal paymentDeclined, holdExpired (cancelled in time: no money was taken), unavailable (the provider does not
   * take us for its customer), and those of askPayment
   */
  pay(orderId: string, key: string, request: PaymentRequest): Promise<void>;
  /** Asks the provider for one payment whose answer was lost, and settles it. Faults are told to the watch. */
  recover(payment: Payment): Promise<void>;
  /** Cancels one unanswered payment at the provider, and settles it by what that says. Faults are told to the watch. */
  cancel(payment: Payment): Promise<void>;
  /**
   * What a provider delivered to our webhook route: written down once, then settled. When settling fails the delivery is
   * taken all the same, and the inbox settled by reconciliation.
   * @throws Refusal providerUnknown, webhookForged, malformed
   */
  receive(providerName: string, headers: Headers, bytes: Uint8Array): Promise<void>;
  /** Settles what was delivered and not settled yet. @returns how many */
  settleInbox(): Promise<number>;
  /** Carries out refunds that are due, or those of one order. @returns how many */
  refund(orderId?: string): Promise<number>;
}

/**
 * @param providers the first takes new payments, but for rehearsals, which the sandbox has; each takes care of those that were made
 *   with it
 * @param waitMs how long `pay` waits for the provider
 */
export function openPayments(
  database: Database,
  providers: readonly [Provider, ...Provider[]],
  watch: PaymentWatch,
  waitMs: number = limits.providerTimeoutMs,
): Payments {
  const [current] = providers;
  const known = new Map(providers.map((provider) => [provider.name, provider]));
  const providerOf = (name: string): Provider => {
    const provider = known.get(name);
    if (provider === undefined) throw new Error(`no options are set for the payment provider ${name}`);
    return provider;
  };
  const bounded = <T>(answer: Promise<T>): Promise<T> => within(waitMs, answer);

  const refund = (only?: { payment?: string; order?: string }): Promise<number> =>
    giveBack(
      database.db,
      providerOf,
      (fault, refundId) => watch.fault(fault, { refund: refundId, step: 'refund' }),
      only,
    );

  const settle = async (payment: Payment, state: FinalState): Promise<Settled> => {
    const became =
      state === 'captured'
        ? await settleCaptured(database, payment.id)
        : await settleUntaken(database, payment.id, state);
    watch.settled(became);
    // Decided and committed; if we die before it is carried out, reconciliation does it.
    if (became === 'returned') await refund({ payment: payment.id });
    return became;
  };

  const askStatus = async (payment: Payment): Promise<void> => {
    const state = await bounded(providerOf(payment.provider).status(payment));
    if (state !== 'pending' && state !== 'unknown') await settle(payment, state);
  };

  /**
   * Taken money stays taken, whatever else is told later; anything else may be old news, or be followed by another try at
   * the provider, so there we ask.
   */
  const hear = async (payment: Payment, told: ChargeState): Promise<void> => {
    if (told === 'captured') await settle(payment, told);
    else if (told !== 'pending') await askStatus(payment);
  };
  const inbox = (only?: { provider: string; event: string }): Promise<number> =>
    settleInbox(
      database.db,
      hear,
      (fault, payment) => watch.fault(fault, { payment, step: 'webhook' }),
      only,
    );

  /** Charges, and waits while the charge is pending. Undefined: no answer in time, nothing is known. */
  const charge = async (payment: Payment): Promise<FinalState | undefined> => {
    const deadlineMs = performance.now() + waitMs;
    const { now, note } = watched(database.db, payment);
    try {
      const provider = providerOf(payment.provider);
      let state: ChargeState | 'unknown' = await bounded(provider.charge(payment, note));
      while (state === 'pending' && performance.now() < deadlineMs) {
        await delay(Math.min(limits.providerPollMs, waitMs));
        state = await bounded(provider.status(now()));
      }
      return state === 'pending' || state === 'unknown' ? undefined : state;
    } catch (fault) {
      watch.fault(fault, { payment: payment.id, step: 'charge' });
      if (fault instanceof Refusal) throw fault;
      return undefined;
    }
  };

  return {
    offer: current.offer,

    async pay(orderId, key, request) {
      const { provider, method } = methodOf(request);
      const takers = { sale: current.name, rehearsal: REHEARSAL_PROVIDER };
      const payment = await askPayment(database, { orderId, key, provider, method, takers });
      let became = payment.state;
      if (became === 'asked') {
        const state = await charge(payment);
        if (state !== undefined) became = await settle(payment, state);
      }
      if (became === 'declined') throw new Refusal('paymentDeclined');
      if (became === 'cancelled') throw new Refusal('holdExpired');
    },

    async recover(payment) {
      try {
        const provider = providerOf(payment.provider);
        const there = await bounded(provider.status(payment));
        // Killed before the charge was sent: the fan asked to pay, so it is sent now. Writing it off instead could meet
        // the same charge coming from a retry, and lose its money.
        const { note } = watched(database.db, payment);
        const state = there === 'unknown' ? await bounded(provider.charge(payment, note)) : there;
        if (state !== 'pending') await settle(payment, state);
      } catch (fault) {
        watch.fault(fault, { payment: payment.id, step: 'recover' });
      }
    },

    async cancel(payment) {
      try {
        const { now, note } = watched(database.db, payment);
        const answer = await bounded(providerOf(payment.provider).cancel(payment, note));
        if (answer === 'cancelled') await settle(payment, 'cancelled');
        else await askStatus(now());
      } catch (fault) {
        watch.fault(fault, { payment: payment.id, step: 'cancel' });
      }
    },

    async receive(providerName, headers, bytes) {
      const provider = known.get(providerName);
      if (provider === undefined) throw new Refusal('providerUnknown');
      const event = provider.webhook(headers, bytes, Date.now());
      if (event === null) return;
      const payment = await keepDelivery(database.db, providerName, event);
      if (payment === undefined) return;
      await inbox({ provider: providerName, event: event.eventId }).catch((fault) =>
        watch.fault(fault, { payment, step: 'webhook' }),
      );
    },

    settleInbox: () => inbox(),
    refund: (orderId) => refund(orderId === undefined ? undefined : { order: orderId }),
  };
}
