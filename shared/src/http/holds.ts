import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  Cost,
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
    ...Cost.shape,
  })
  .meta({ id: 'Ticket' });

const Quantity = z.int().min(1).max(limits.holdQuantityMax);

/** So many of a tier, whichever; numbered seats come beside each other as long as such are known. */
export const TierChoice = z.strictObject({ tierId: TierId, quantity: Quantity }).meta({ id: 'TierChoice' });
export type TierChoice = z.infer<typeof TierChoice>;

/** These seats, all of them or none; they may be of several tiers. */
export const SeatChoice = z
  .strictObject({
    seats: z
      .array(z.int().positive().max(limits.ticketIdMax))
      .min(1)
      .max(limits.holdQuantityMax)
      .refine((ids) => new Set(ids).size === ids.length, 'a seat is named twice')
      .describe('Ticket ids'),
    accessible: z
      .literal(true)
      .optional()
      .describe("The fan's word that accessible seats among them are needed; else they are refused"),
  })
  .meta({ id: 'SeatChoice' });
export type SeatChoice = z.infer<typeof SeatChoice>;

/** The best that are left: beside each other in one row of one tier, no single seat left over where avoidable, closest to the stage. */
export const BestChoice = z
  .strictObject({
    best: z
      .strictObject({
        quantity: Quantity,
        tierId: TierId.optional(),
        priceMaxMinor: PriceMinor.max(limits.amountMaxMinor)
          .optional()
          .describe('What one ticket may cost at most, all in'),
        together: z
          .boolean()
          .default(true)
          .describe(
            'False: in the fewest pieces, near each other, when they are not to be had beside each other',
          ),
        wheelchairs: z
          .int()
          .min(0)
          .max(limits.holdQuantityMax)
          .default(0)
          .describe('How many of them are wheelchair spaces; the others are the seats beside'),
      })
      .refine(({ quantity, wheelchairs }) => wheelchairs <= quantity, 'more wheelchair spaces than tickets'),
  })
  .meta({ id: 'BestChoice' });
export type BestChoice = z.infer<typeof BestChoice>;

/** What is asked for: one of three. */
export const HoldRequest = z.union([TierChoice, SeatChoice, BestChoice]).meta({ id: 'HoldRequest' });
export type HoldRequest = z.infer<typeof HoldRequest>;

export const Hold = z
  .object({
    holdId: Uuid,
    eventId: EventId,
    state: z.enum(['held', 'released', 'expired', 'sold']),
    tickets: z.array(Ticket),
    totalMinor: PriceMinor.describe('All in: the sum of its tickets'),
    currency: Currency,
    expiresAtMs: TimeMs.describe('Judged by the database, not by any other clock'),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'Hold' });
export type Hold = z.infer<typeof Hold>;

const sessionRefusals = [
  'tokenMissing',
  'tokenInvalid',
  'tokenExpired',
  'sessionOver',
  'otherDevice',
  'tooManyRequests',
] as const;

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
      'eventCancelled',
      'tierUnknown',
      'ticketUnknown',
      'notEnough',
      'notTogether',
      'seatsTaken',
      'accessOnly',
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
