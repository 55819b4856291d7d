import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  EventParams,
  IdempotencyKey,
  json,
  operators,
  refusals,
  WriteHeaders,
} from './common.ts';
import { Actor } from './internal.ts';
import { Why } from './refunds.ts';

const ticketIds = (most: number) =>
  z
    .array(z.int().positive().max(limits.ticketIdMax))
    .min(1)
    .max(most)
    .refine((ids) => new Set(ids).size === ids.length, 'a ticket is named twice');

/** Which tickets, at most so many: a number of a tier, whichever, or these. */
export const ticketChoice = (most: number) =>
  z.union([
    z.strictObject({ tierId: TierId, quantity: z.int().min(1).max(most) }),
    z.strictObject({ ticketIds: ticketIds(most) }),
  ]);
export const TicketChoice = ticketChoice(limits.stockMoveMaxTickets);
export type TicketChoice = z.infer<typeof TicketChoice>;

export const StockMove = z
  .object({
    move: z.enum(['block', 'unblock']).describe('Take free tickets off sale, or put blocked ones back'),
    tickets: TicketChoice,
    why: Why.optional(),
  })
  .meta({ id: 'StockMove' });
export type StockMove = z.infer<typeof StockMove>;

export const StockMoved = z
  .object({ eventId: EventId, move: StockMove.shape.move, ticketIds: z.array(z.int().positive()) })
  .meta({ id: 'StockMoved' });
export type StockMoved = z.infer<typeof StockMoved>;

const refused = [
  'tokenMissing',
  'tokenInvalid',
  'eventUnknown',
  'tierUnknown',
  'notEnough',
  'idempotencyMismatch',
] as const;

export const moveStock = createRoute({
  method: 'post',
  path: '/api/v1/operator/events/{eventId}/stock-moves',
  operationId: 'moveStock',
  summary: 'Block tickets, or unblock them: all that are asked for, or none',
  description:
    'Only free tickets are blocked, and only blocked ones are unblocked; `notEnough` says in `detail` how many there are. A blocked ticket is neither free nor sold.',
  security: operators('desk'),
  request: { params: EventParams, headers: WriteHeaders, body: body(StockMove) },
  responses: {
    200: json(StockMoved, 'The tickets that were moved'),
    ...refusals(
      ...refused,
      'tokenExpired',
      'forbidden',
      'idempotencyKeyMissing',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});

/** `key`: the operator's Idempotency-Key, scoped to him. */
export const internalMoveStock = createRoute({
  method: 'post',
  path: '/internal/events/{eventId}/stock-moves',
  operationId: 'internalMoveStock',
  summary: 'Block tickets, or unblock them; safe to repeat under one key',
  security: bearer('service'),
  request: { params: EventParams, body: body(Actor.extend({ key: IdempotencyKey, asked: StockMove })) },
  responses: { 200: json(StockMoved, 'The tickets that were moved'), ...refusals(...refused) },
});
