import type { PaymentRequest } from '@onsale/shared/http/orders';

/** Who takes the payments of rehearsals, whoever takes those of sales: load tests move no money. */
export const REHEARSAL_PROVIDER = 'sandbox';

/** Whose way of paying it is, and what that provider is told. */
export const methodOf = (request: PaymentRequest): { provider: string; method: string } =>
  request.method === 'stripeCard'
    ? { provider: 'stripe', method: request.stripePaymentMethod }
    : { provider: 'sandbox', method: request.method };
