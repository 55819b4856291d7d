/**
 * Our amounts are minor units of ISO 4217. Stripe's are too, but for a few currencies: those that it counts in whole units
 * though ISO has two decimals, those that it counts in hundredths though ISO has none (and wants whole units of), and those
 * with three decimals, of which the last must be 0.
 */
const WHOLE_AT_STRIPE = new Set(['MGA']);
const HUNDREDTHS_AT_STRIPE = new Set(['ISK', 'UGX']);
const THREE_DECIMALS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** @throws RangeError for an amount that Stripe cannot take: its price must be another */
export function stripeAmount(amountMinor: number, currency: string): number {
  if (HUNDREDTHS_AT_STRIPE.has(currency)) return amountMinor * 100;
  if (WHOLE_AT_STRIPE.has(currency)) return whole(amountMinor, 100, currency) / 100;
  if (THREE_DECIMALS.has(currency)) return whole(amountMinor, 10, currency);
  return amountMinor;
}

function whole(amountMinor: number, step: number, currency: string): number {
  if (amountMinor % step === 0) return amountMinor;
  throw new RangeError(`Stripe takes ${currency} in steps of ${step} minor units, not ${amountMinor}`);
}
