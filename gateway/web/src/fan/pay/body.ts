import type { PaymentRequest } from '@onsale/shared/http/orders';
import type { PaymentMethod } from '../kept.ts';

const isStripes = (method: PaymentMethod): method is `pm_${string}` => method.startsWith('pm_');

/** A way of paying as the API is told it. */
export const bodyOf = (method: PaymentMethod): PaymentRequest =>
  isStripes(method) ? { method: 'stripeCard', stripePaymentMethod: method } : { method };
