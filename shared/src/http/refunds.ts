import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  Currency,
  EventParams,
  IdempotencyKey,
  IdempotentHeaders,
  json,
  OrderParams,
  operators,
  PriceMinor,
  refusals,
  TimeMs,
  WriteHeaders,
} from './common.ts';
import { Actor } from './internal.ts';
import { Order, OrderState } from './orders.ts';

/** Money back and tickets free again: by the operator, by the fan, or because the event was cancelled. */

/** Goes into the audit. */
export const Why = z
  .string()
  .trim()
  .min(1)
  .max(limits.whyMaxChars)
  .regex(/^[^\p{C}]+$/u);

export const RefundRequest = z
  .object({
    tickets: z
      .array(z.int().positive().max(limits.ticketIdMax))
      .min(1)
      .max(limits.holdQuantityMax)
      .refine((ids) => new Set(ids).size === ids.length, 'none twice')
      .optional()
      .describe('Tickets of the order; absent: all it still has'),
    why: Why,
  })
  .strict()
  .meta({ id: 'RefundRequest' });
export type RefundRequest = z.infer<typeof RefundRequest>;

export const RefundedOrder = z
  .object({
    orderId: Uuid,
    state: OrderState,
    currency: Currency,
    totalMinor: PriceMinor,
    refundedMinor: PriceMinor.describe('Decided so far, whether or not the provider has carried it out yet'),
  })
  .meta({ id: 'RefundedOrder' });
export type RefundedOrder = z.infer<typeof RefundedOrder>;

export const EventCancellation = z.object({ why: Why }).strict().meta({ id: 'EventCancellation' });
export type EventCancellation = z.infer<typeof EventCancellation>;

export const CancelledEvent = z
  .object({ eventId: EventId, cancelledAtMs: TimeMs, ordersToRefund: z.int().nonnegative() })
  .meta({ id: 'CancelledEvent' });
export type CancelledEvent = z.infer<typeof CancelledEvent>;

const refundRefusals = ['orderUnknown', 'ticketUnknown', 'orderNotPaid', 'idempotencyMismatch'] as const;
const withBody = ['mediaType', 'bodyTooLarge'] as const;
const operatorRefusals = ['tokenMissing', 'tokenInvalid', 'tokenExpired', 'forbidden'] as const;
const services = ['tokenMissing', 'tokenInvalid'] as const;

export const cancelOrder = createRoute({
  method: 'post',
  path: '/api/v1/orders/{orderId}/cancellation',
  operationId: 'cancelOrder',
  summary: 'Give the whole order back, as long as the event allows it; again changes nothing',
  security: bearer('order'),
  request: { params: OrderParams, headers: IdempotentHeaders },
  responses: {
    200: json(Order, 'The order, cancelled; the money is on its way back'),
    ...refusals('tokenMissing', 'tokenInvalid', 'orderUnknown', 'orderNotPaid', 'cancellationClosed'),
  },
});

export const refundOperatorOrder = createRoute({
  method: 'post',
  path: '/api/v1/operator/orders/{orderId}/refunds',
  operationId: 'refundOperatorOrder',
  summary: 'Give an order back, whole or some of its tickets',
  security: operators('manager'),
  request: { params: OrderParams, headers: WriteHeaders, body: body(RefundRequest) },
  responses: {
    200: json(RefundedOrder, 'The order after the refund'),
    ...refusals(...operatorRefusals, ...refundRefusals, ...withBody, 'idempotencyKeyMissing'),
  },
});

export const cancelOperatorEvent = createRoute({
  method: 'post',
  path: '/api/v1/operator/events/{eventId}/cancellation',
  operationId: 'cancelOperatorEvent',
  summary: 'Cancel the event: sales end at once, every paid order is refunded; again changes nothing',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(EventCancellation) },
  responses: {
    200: json(CancelledEvent, 'Cancelled; orders are refunded one after another'),
    ...refusals(...operatorRefusals, 'eventUnknown', ...withBody),
  },
});

export const refundOrder = createRoute({
  method: 'post',
  path: '/internal/orders/{orderId}/refunds',
  operationId: 'internalRefundOrder',
  summary: 'Give an order back, whole or some of its tickets; safe to repeat under one key',
  security: bearer('service'),
  request: {
    params: OrderParams,
    body: body(Actor.extend({ key: IdempotencyKey, refund: RefundRequest })),
  },
  responses: {
    200: json(RefundedOrder, 'The order after the refund'),
    ...refusals(...services, ...refundRefusals),
  },
});

export const cancelEvent = createRoute({
  method: 'post',
  path: '/internal/events/{eventId}/cancellation',
  operationId: 'internalCancelEvent',
  summary: 'Cancel an event and begin to refund its orders; again changes nothing',
  security: bearer('service'),
  request: { params: EventParams, body: body(Actor.extend({ cancellation: EventCancellation })) },
  responses: {
    200: json(CancelledEvent, 'Cancelled'),
    ...refusals(...services, 'eventUnknown'),
  },
});
