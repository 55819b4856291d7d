import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import Stripe from 'stripe';
import type { Charge, ChargeState, Note, Provider } from '../provider.ts';
import { stripeAmount } from './amount.ts';
import { PAYMENT, REFUND, readEvent } from './event.ts';
import { stateOf } from './state.ts';

/** Written where a PaymentIntent's id would stand: none of this payment is ever confirmed. */
const NONE = 'none';

const { StripeAuthenticationError, StripeCardError, StripeInvalidRequestError, StripePermissionError } =
  Stripe.errors;

/**
 * Stripe, by PaymentIntents: created unconfirmed, its id written down, then confirmed.
 *
 * The invariant that everything rests on: only the intent whose id stands in `payments.reference` is ever confirmed, and
 * that is written once. So a payment without a reference has taken no money, whatever was created for it, and writing NONE
 * there ends it without asking anybody. Dying
 *   before create, or before its id is written   leaves an intent that nobody confirms: it takes nothing, for ever;
 *   before confirm                               leaves an intent that can be found: it is confirmed, or cancelled;
 *   after confirm                                leaves an intent that says what became of the money.
 *
 * Stripe keeps an Idempotency-Key for 24 hours, with the first answer, a fault of its own (5xx) too.
 *   create    key: the payment's id. Within a day a repeat gives the same intent; later another, which does no harm: the
 *             first that was written down counts.
 *   confirm   key: the payment's id and `confirm`. Within a day a declined card is not tried again by a repeat; later a
 *             repeat finds by looking first that it was confirmed.
 *   cancel    a new key each time: it harms nobody twice, and an old refusal must not be repeated to us.
 *   refund    key: the refund's id. Older ones are found by it among the refunds of the intent, so we look first.
 */
export function stripeProvider(
  stripe: Stripe,
  { publishableKey, webhookSecrets }: { publishableKey: string; webhookSecrets: readonly string[] },
): Provider {
  const { paymentIntents, refunds } = stripe;
  const look = async (reference: string) => stateOf(await told(paymentIntents.retrieve(reference)));

  const create = async ({ id, amountMinor, currency }: Charge): Promise<string> => {
    const intent = await paymentIntents
      .create(
        {
          amount: stripeAmount(amountMinor, currency),
          currency: currency.toLowerCase(),
          // Nobody is sent to another page to pay.
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          capture_method: 'automatic',
          metadata: { [PAYMENT]: id },
        },
        { idempotencyKey: id },
      )
      .catch((fault: unknown) => {
        // A currency or amount that this account cannot take: no card would change that.
        throw fault instanceof StripeInvalidRequestError ? unusable(fault) : explained(fault);
      });
    return intent.id;
  };

  const confirm = async ({ id, method }: Charge, reference: string): Promise<ChargeState> => {
    try {
      const intent = await paymentIntents.confirm(
        reference,
        // A card that wants its holder to prove himself (3-D Secure) is refused: docs/decisions/0007.
        { payment_method: method, error_on_requires_action: true },
        { idempotencyKey: `${id}:confirm` },
      );
      const state = stateOf(intent);
      return state === 'unknown' ? 'pending' : state;
    } catch (fault) {
      if (fault instanceof StripeCardError) return 'declined';
      if (!(fault instanceof StripeInvalidRequestError)) throw explained(fault);
      // It was cancelled or confirmed meanwhile; or this card is none, and no repeat will make it one.
      const state = await look(reference);
      return state === 'unknown' ? 'declined' : state;
    }
  };

  return {
    name: 'stripe',
    offer: { provider: 'stripe', stripePublishableKey: publishableKey },

    async charge(charge, note: Note) {
      const reference = charge.reference ?? (await note(await create(charge)));
      if (reference === NONE) return 'cancelled';
      if (charge.reference === null) return confirm(charge, reference);
      const state = await look(reference);
      return state === 'unknown' ? confirm(charge, reference) : state;
    },

    async status({ reference }) {
      if (reference === null) return 'unknown';
      return reference === NONE ? 'cancelled' : look(reference);
    },

    async cancel(charge, note) {
      const reference = charge.reference ?? (await note(NONE));
      if (reference === NONE) return 'cancelled';
      try {
        await paymentIntents.cancel(reference);
        return 'cancelled';
      } catch (fault) {
        if (!(fault instanceof StripeInvalidRequestError)) throw explained(fault);
        const state = await look(reference);
        if (state === 'cancelled') return 'cancelled';
        if (state === 'captured' || state === 'pending') return 'tooLate';
        throw fault;
      }
    },

    async refund({ reference, currency }, amountMinor, refundId) {
      if (reference === null || reference === NONE) {
        throw new Error(`refund ${refundId} is of a payment that took no money`);
      }
      const before = await told(refunds.list({ payment_intent: reference, limit: limits.stripeRefundsRead }));
      const refund =
        before.data.find(({ metadata }) => metadata?.[REFUND] === refundId) ??
        (await told(
          refunds.create(
            {
              payment_intent: reference,
              amount: stripeAmount(amountMinor, currency),
              metadata: { [REFUND]: refundId },
            },
            { idempotencyKey: refundId },
          ),
        ));
      if (refund.status === 'failed' || refund.status === 'canceled') {
        throw new Error(`refund ${refundId} is ${refund.status} at Stripe (${refund.id}): it needs a person`);
      }
    },

    webhook: (headers, bytes, nowMs) => readEvent(webhookSecrets, headers, bytes, nowMs),
  };
}

const told = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((fault: unknown) => {
    throw explained(fault);
  });

/** A key that Stripe does not take is said to the fan and, by whoever logs it, to the operator; all else is a lost answer. */
const explained = (fault: unknown): unknown =>
  fault instanceof StripeAuthenticationError || fault instanceof StripePermissionError
    ? unusable(fault)
    : fault;

const unusable = (cause: unknown): Refusal =>
  new Refusal(
    'unavailable',
    { detail: 'Paying is not possible for a moment', retryAfterMs: limits.retryAfterOutageMs },
    { cause },
  );
