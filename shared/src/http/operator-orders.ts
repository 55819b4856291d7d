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
  operators,
  PriceMinor,
  refusals,
  TimeMs,
} from './common.ts';
import { Ticket } from './holds.ts';
import { Actor } from './internal.ts';
import { OrderState } from './orders.ts';

/** Orders as operators see them. Every look is in the audit: who looked, and whose order was seen. */
export const FoundOrder = z
  .object({
    orderId: Uuid,
    eventId: EventId,
    state: OrderState,
    comp: z.boolean().describe('Given free by an operator'),
    name: z.string(),
    email: z.string(),
    quantity: z.int().nonnegative().describe('Tickets it has, or waits to be paid for'),
    totalMinor: PriceMinor,
    currency: Currency,
    createdAtMs: TimeMs,
  })
  .meta({ id: 'FoundOrder' });
export type FoundOrder = z.infer<typeof FoundOrder>;

export const FoundOrders = z
  .object({
    orders: z.array(FoundOrder).max(limits.deskPageMax).describe('Newest first'),
    cursor: Uuid.nullable().describe('Of the next page; null: there is none'),
  })
  .meta({ id: 'FoundOrders' });
export type FoundOrders = z.infer<typeof FoundOrders>;

const cursor = Uuid.optional();
export const OrderSearch = z
  .union([
    z.strictObject({ orderId: Uuid, cursor }),
    z.strictObject({
      email: z.email().max(limits.buyerEmailMaxChars).describe('The whole address, in capitals or not'),
      cursor,
    }),
    z.strictObject({
      ticketId: z.int().positive().max(limits.ticketIdMax).describe('Of orders that have it or had it'),
      cursor,
    }),
  ])
  .meta({ id: 'OrderSearch' });
export type OrderSearch = z.infer<typeof OrderSearch>;

/** A ticket of an order: what it cost, whether it is still its own, and whether it let somebody in. */
export const OrderLine = Ticket.extend({
  live: z.boolean().describe('False: given back'),
  checkedInAtMs: TimeMs.nullable(),
}).meta({ id: 'OrderLine' });

export const OperatorOrder = FoundOrder.extend({
  holdId: Uuid,
  faceMinor: PriceMinor,
  feesMinor: PriceMinor,
  taxMinor: PriceMinor,
  refundedMinor: PriceMinor,
  settledAtMs: TimeMs.nullable(),
  lines: z.array(OrderLine).describe('Written when it is paid'),
  payments: z.array(
    z.object({
      paymentId: Uuid,
      provider: z.string(),
      method: z.string(),
      amountMinor: PriceMinor,
      state: z.enum(['asked', 'kept', 'declined', 'cancelled', 'returned']),
      createdAtMs: TimeMs,
      settledAtMs: TimeMs.nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      refundId: Uuid,
      amountMinor: PriceMinor,
      why: z.string(),
      createdAtMs: TimeMs,
      doneAtMs: TimeMs.nullable().describe('Null: the provider has not carried it out yet'),
    }),
  ),
  mails: z.array(
    z.object({
      mailId: Uuid,
      kind: z.string(),
      state: z.enum(['waiting', 'sent', 'kept', 'givenUp', 'empty']),
      createdAtMs: TimeMs,
      settledAtMs: TimeMs.nullable(),
    }),
  ),
  trail: z
    .array(
      z.object({
        atMs: TimeMs,
        actor: z.string(),
        action: z.string(),
        was: z.unknown(),
        became: z.unknown(),
        why: z.string().nullable(),
        requestId: z.string().nullable(),
      }),
    )
    .max(limits.trailMax)
    .describe('Its audit, oldest first: the last of it when it is long'),
}).meta({ id: 'OperatorOrder' });
export type OperatorOrder = z.infer<typeof OperatorOrder>;

const unknownCaller = ['tokenMissing', 'tokenInvalid'] as const;
const refused = [...unknownCaller, 'tokenExpired', 'forbidden'] as const;

/** A search is a POST: an address in a URL would end up in the logs of every proxy on the way. */
export const searchOperatorOrders = createRoute({
  method: 'post',
  path: '/api/v1/operator/order-searches',
  operationId: 'searchOperatorOrders',
  summary: 'Find orders by id, mail address or ticket; in the audit',
  security: operators('desk'),
  request: { body: body(OrderSearch) },
  responses: { 200: json(FoundOrders, 'One page'), ...refusals(...refused, 'mediaType', 'bodyTooLarge') },
});

export const getOperatorOrder = createRoute({
  method: 'get',
  path: '/api/v1/operator/orders/{orderId}',
  operationId: 'getOperatorOrder',
  summary: 'One order whole: tickets, money, check-ins, mails and its audit; the look is in the audit too',
  security: operators('desk'),
  request: { params: OrderParams },
  responses: { 200: json(OperatorOrder, 'The order'), ...refusals(...refused, 'orderUnknown') },
});

export const internalSearchOrders = createRoute({
  method: 'post',
  path: '/internal/order-searches',
  operationId: 'internalSearchOrders',
  summary: 'Find orders; who looked is in the audit',
  security: bearer('service'),
  request: { body: body(Actor.extend({ search: OrderSearch })) },
  responses: { 200: json(FoundOrders, 'One page'), ...refusals(...unknownCaller) },
});

/** A POST, since looking writes down who looked. */
export const internalLookAtOrder = createRoute({
  method: 'post',
  path: '/internal/orders/{orderId}/looks',
  operationId: 'internalLookAtOrder',
  summary: 'One order whole; who looked is in the audit',
  security: bearer('service'),
  request: { params: OrderParams, body: body(Actor) },
  responses: { 200: json(OperatorOrder, 'The order'), ...refusals(...unknownCaller, 'orderUnknown') },
});
