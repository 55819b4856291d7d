import type Stripe from 'stripe';
import type { ChargeState } from '../provider.ts';

export type Intent = Pick<Stripe.PaymentIntent, 'status' | 'last_payment_error'>;

/**
 * What a PaymentIntent says of our charge. `unknown`: it was never confirmed, so it takes no money before we do. Refused, it
 * falls back to where it was before, with an error: final all the same, since only we can confirm it and we do so under one
 * key (provider.ts). Waiting for the cardholder or for a capture takes none by itself, and we ask for neither; whoever set the
 * account up so finds it cancelled when the hold lapses.
 */
const states: Readonly<Record<Stripe.PaymentIntent.Status, (intent: Intent) => ChargeState | 'unknown'>> = {
  requires_payment_method: ({ last_payment_error }) => (last_payment_error === null ? 'unknown' : 'declined'),
  requires_confirmation: () => 'unknown',
  requires_action: () => 'pending',
  requires_capture: () => 'pending',
  processing: () => 'pending',
  succeeded: () => 'captured',
  canceled: () => 'cancelled',
};

/** A status that this release does not know is waited for. */
export const stateOf = (intent: Intent): ChargeState | 'unknown' =>
  states[intent.status]?.(intent) ?? 'pending';
