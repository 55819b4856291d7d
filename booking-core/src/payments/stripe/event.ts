import { Refusal } from '@onsale/shared/errors';
import { Uuid } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import Stripe from 'stripe';
import { z } from 'zod';
import type { Delivery } from '../provider.ts';

/** Under which our ids stand in the metadata of Stripe's objects. */
export const PAYMENT = 'onsale_payment';
export const REFUND = 'onsale_refund';
export const STRIPE_SIGNATURE = 'stripe-signature';

/** The events we use, and what each says of the charge. */
const told: Readonly<Record<string, Delivery['state']>> = {
  'payment_intent.succeeded': 'captured',
  'payment_intent.payment_failed': 'declined',
  'payment_intent.canceled': 'cancelled',
  'payment_intent.processing': 'pending',
  // Refunds are ours, and done when Stripe took them: its own word about them changes nothing.
  'charge.refunded': 'other',
};

const Envelope = z.object({ id: z.string().min(1).max(255), type: z.string() });
const About = z.object({
  data: z.object({
    object: z.object({
      id: z.string().min(1).max(255),
      payment_intent: z.string().max(255).nullish(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

/**
 * Reads one delivery of Stripe's. Any of the secrets is believed, so that they can be rotated.
 * @returns null for an event of a kind that we do not use
 * @throws Refusal webhookForged, malformed
 */
export function readEvent(
  secrets: readonly string[],
  headers: Headers,
  bytes: Uint8Array,
  nowMs: number,
): Delivery | null {
  const event = verified(secrets, headers.get(STRIPE_SIGNATURE) ?? '', Buffer.from(bytes), nowMs);
  const envelope = Envelope.safeParse(event);
  if (!envelope.success) throw new Refusal('malformed');
  const state = told[envelope.data.type];
  if (state === undefined) return null;
  const about = About.safeParse(event);
  if (!about.success) throw new Refusal('malformed');
  const { id, payment_intent, metadata } = about.data.data.object;
  const payment = Uuid.safeParse(metadata?.[PAYMENT]);
  const reference = payment_intent ?? id;
  return { eventId: envelope.data.id, chargeId: payment.data ?? null, reference, state };
}

function verified(secrets: readonly string[], signature: string, bytes: Buffer, nowMs: number): unknown {
  const toleranceS = limits.webhookToleranceMs / 1000;
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(bytes, signature, secret, toleranceS, undefined, nowMs);
    } catch (fault) {
      if (fault instanceof Stripe.errors.StripeSignatureVerificationError) continue;
      // Signed well, and not the text of an event.
      throw new Refusal('malformed', {}, { cause: fault });
    }
  }
  throw new Refusal('webhookForged');
}
