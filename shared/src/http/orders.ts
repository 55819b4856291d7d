import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  Currency,
  json,
  OrderParams,
  PriceMinor,
  refusals,
  TimeMs,
  WriteHeaders,
} from './common.ts';
import { Ticket } from './holds.ts';

/** Text for people: no control characters (a NUL byte would poison the statement it is stored by). */
const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{C}]+$/u);

export const OrderRequest = z
  .object({
    holdId: Uuid,
    name: Line(limits.buyerNameMaxChars),
    email: z.email().max(limits.buyerEmailMaxChars),
  })
  .meta({ id: 'OrderRequest' });
export type OrderRequest = z.infer<typeof OrderRequest>;

/**
 * `pending` until paid; `paid` has tickets; `partlyRefunded` has some of them left; `refunded`: the money went back, because
 * it came too late or the operator gave it back; `cancelled`: the fan gave the order back, or the event was cancelled;
 * `expired` ran out of time unpaid, which nothing has to write down: it is read off the hold.
 */
export const OrderState = z.enum(['pending', 'paid', 'partlyRefunded', 'refunded', 'cancelled', 'expired']);

export const Order = z
  .object({
    orderId: Uuid,
    orderToken: z.string().describe('Access to this order for as long as it is kept'),
    eventId: EventId,
    holdId: Uuid,
    state: OrderState,
    tickets: z.array(Ticket),
    faceMinor: PriceMinor.describe('Prices of its tickets'),
    feesMinor: PriceMinor,
    taxMinor: PriceMinor,
    totalMinor: PriceMinor.describe(
      'All in, as it was when the order was begun; giving tickets back leaves it',
    ),
    refundedMinor: PriceMinor.describe(
      'Given back so far, whether or not the provider has carried it out yet',
    ),
    currency: Currency,
    payByMs: TimeMs,
    cancelUntilMs: TimeMs.nullable().describe(
      'Until when the buyer may give it back, whole; null: the event does not allow it',
    ),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

/**
 * What the sandbox provider does: takes the money, refuses, or takes it later (option SANDBOX_SLOW_MS) and says so by
 * webhook: once, twice, much later, never, or with an older one after it. `sandboxTooLate` cannot be cancelled meanwhile.
 */
export const SandboxMethod = z.enum([
  'sandboxApprove',
  'sandboxDecline',
  'sandboxSlow',
  'sandboxTooLate',
  'sandboxWebhookTwice',
  'sandboxWebhookLate',
  'sandboxWebhookLost',
  'sandboxWebhookMixed',
]);
export type SandboxMethod = z.infer<typeof SandboxMethod>;

/** One way of paying of one provider. Which provider an installation has, `payment-options` says. */
export const PaymentRequest = z
  .discriminatedUnion('method', [
    z.strictObject({ method: SandboxMethod }),
    z.strictObject({
      method: z.literal('stripeCard'),
      stripePaymentMethod: z
        .string()
        .regex(/^pm_[A-Za-z0-9_]{1,120}$/)
        .describe('What Stripe.js made of the card, in the browser'),
    }),
  ])
  .meta({ id: 'PaymentRequest' });
export type PaymentRequest = z.infer<typeof PaymentRequest>;

export const IssuedTicket = Ticket.extend({
  code: z.string().describe('Signed text of the QR code'),
}).meta({ id: 'IssuedTicket' });

export const IssuedTickets = z
  .object({ orderId: Uuid, eventId: EventId, tickets: z.array(IssuedTicket) })
  .meta({ id: 'IssuedTickets' });
export type IssuedTickets = z.infer<typeof IssuedTickets>;

/** The session that ends when its order is paid: its slot is free at once, and not only when it runs out. */
const PaymentHeaders = WriteHeaders.extend({
  'onsale-session': z
    .string()
    .max(limits.tokenMaxChars)
    .optional()
    .describe(
      "The shopper's session token, ended when the order is paid; one that is over or of another event is ignored",
    ),
});

const orderRefusals = ['tokenMissing', 'tokenInvalid', 'orderUnknown'] as const;

export const createOrder = createRoute({
  method: 'post',
  path: '/api/v1/orders',
  operationId: 'createOrder',
  summary: 'Begin to buy a hold',
  security: bearer('session'),
  request: { headers: WriteHeaders, body: body(OrderRequest) },
  responses: {
    201: json(Order, 'The order'),
    ...refusals(
      'tokenMissing',
      'tokenInvalid',
      'tokenExpired',
      'sessionOver',
      'otherDevice',
      'tooManyRequests',
      'holdUnknown',
      'holdExpired',
      'orderClosed',
      'eventCancelled',
      'idempotencyKeyMissing',
      'idempotencyMismatch',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});

export const getOrder = createRoute({
  method: 'get',
  path: '/api/v1/orders/{orderId}',
  operationId: 'getOrder',
  summary: 'The order and its state',
  security: bearer('order'),
  request: { params: OrderParams },
  responses: { 200: json(Order, 'The order'), ...refusals(...orderRefusals) },
});

export const payOrder = createRoute({
  method: 'post',
  path: '/api/v1/orders/{orderId}/payments',
  operationId: 'payOrder',
  summary: 'Pay; the same Idempotency-Key never pays twice',
  description:
    'From the device that ordered: with its `onsale_fan` cookie. Answers with the order: `paid`, or `refunded` when the money came too late for the tickets. A decline is `paymentDeclined` and may be tried again with a new key.',
  security: bearer('order'),
  request: { params: OrderParams, headers: PaymentHeaders, body: body(PaymentRequest) },
  responses: {
    200: json(Order, 'The order after the payment'),
    ...refusals(
      ...orderRefusals,
      'paymentDeclined',
      'otherDevice',
      'methodNotOffered',
      'holdExpired',
      'orderClosed',
      'eventCancelled',
      'inFlight',
      'idempotencyKeyMissing',
      'idempotencyMismatch',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});

export const listTickets = createRoute({
  method: 'get',
  path: '/api/v1/orders/{orderId}/tickets',
  operationId: 'listTickets',
  summary: 'The tickets of a paid order',
  security: bearer('order'),
  request: { params: OrderParams },
  responses: {
    200: json(IssuedTickets, 'The tickets; none while the order is not paid'),
    ...refusals(...orderRefusals),
  },
});
