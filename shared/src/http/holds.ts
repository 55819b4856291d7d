import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  Currency,
  EventParams,
  HoldParams,
  IdempotentHeaders,
  json,
  PriceMinor,
  refusals,
  TimeMs,
  WriteHeaders,
} from './common.ts';

/** One sellable unit: a numbered seat, or a unit of general admission (section, row and seat null). */
export const Ticket = z
  .object({
    ticketId: z.int().positive(),
    tierId: TierId,
    section: z.string().nullable(),
    row: z.string().nullable(),
    seat: z.int().positive().nullable(),
    priceMinor: PriceMinor,
  })
  .meta({ id: 'Ticket' });

export const HoldRequest = z
  .object({ tierId: TierId, quantity: z.int().min(1).max(limits.holdQuantityMax) })
  .meta({ id: 'HoldRequest' });
export type HoldRequest = z.infer<typeof HoldRequest>;

export const Hold = z
  .object({
    holdId: Uuid,
    eventId: EventId,
    state: z.enum(['held', 'released', 'expired', 'sold']),
    tickets: z.array(Ticket),
    totalMinor: PriceMinor,
    currency: Currency,
    expiresAtMs: TimeMs.describe('Judged by the database, not by any other clock'),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'Hold' });
export type Hold = z.infer<typeof Hold>;

const sessionRefusals = ['tokenMissing', 'tokenInvalid', 'tokenExpired', 'sessionOver'] as const;

export const createHold = createRoute({
  method: 'post',
  path: '/api/v1/events/{eventId}/holds',
  operationId: 'createHold',
  summary: 'Reserve tickets: all or none',
  description:
    'The same Idempotency-Key gives the same hold, also when it has expired since (see `state`). Refusals are not stored.',
  security: bearer('session'),
  request: { params: EventParams, headers: WriteHeaders, body: body(HoldRequest) },
  responses: {
    201: json(Hold, 'The hold'),
    ...refusals(
      ...sessionRefusals,
      'eventUnknown',
      'tierUnknown',
      'notEnough',
      'soldOut',
      'buyerLimit',
      'idempotencyKeyMissing',
      'idempotencyMismatch',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});

export const getHold = createRoute({
  method: 'get',
  path: '/api/v1/holds/{holdId}',
  operationId: 'getHold',
  summary: "One of the buyer's holds",
  security: bearer('session'),
  request: { params: HoldParams },
  responses: { 200: json(Hold, 'The hold'), ...refusals(...sessionRefusals, 'holdUnknown') },
});

export const releaseHold = createRoute({
  method: 'delete',
  path: '/api/v1/holds/{holdId}',
  operationId: 'releaseHold',
  summary: 'Give the tickets back; releasing again, or after expiry, changes nothing',
  security: bearer('session'),
  request: { params: HoldParams, headers: IdempotentHeaders },
  responses: {
    204: { description: 'Released' },
    ...refusals(...sessionRefusals, 'holdUnknown', 'orderClosed'),
  },
});

export const extendHold = createRoute({
  method: 'post',
  path: '/api/v1/holds/{holdId}/extension',
  operationId: 'extendHold',
  summary: 'More time, once in a turn: half of what the hold had, at most five minutes',
  description:
    'No body. The same Idempotency-Key gives the hold as it is now and no more time. Another hold of the same turn has no extension of its own.',
  security: bearer('session'),
  request: { params: HoldParams, headers: WriteHeaders },
  responses: {
    200: json(Hold, 'The hold with its new end'),
    ...refusals(
      ...sessionRefusals,
      'holdUnknown',
      'holdExpired',
      'orderClosed',
      'extensionSpent',
      'idempotencyKeyMissing',
      'idempotencyMismatch',
    ),
  },
});
