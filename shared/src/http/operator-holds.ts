import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, PlaceId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import { bearer, body, Currency, HoldParams, json, operators, refusals, TimeMs } from './common.ts';
import { Hold, Ticket } from './holds.ts';
import { Actor } from './internal.ts';
import { OrderState } from './orders.ts';
import { Why } from './refunds.ts';

/** Holds of fans as operators see them: who holds what until when, by ids alone. */
export const OperatorHold = z
  .object({
    holdId: Uuid,
    eventId: EventId,
    state: Hold.shape.state,
    buyer: Uuid,
    place: PlaceId.nullable().describe('Null: a comp, which nobody was let in for'),
    tickets: z.array(Ticket),
    currency: Currency,
    createdAtMs: TimeMs,
    expiresAtMs: TimeMs,
    orders: z.array(z.object({ orderId: Uuid, state: OrderState })).describe('Begun with it, oldest first'),
  })
  .meta({ id: 'OperatorHold' });
export type OperatorHold = z.infer<typeof OperatorHold>;

export const OperatorHolds = z
  .object({
    holds: z.array(OperatorHold).max(limits.deskPageMax).describe('Newest first'),
    cursor: Uuid.nullable().describe('Of the next page; null: there is none'),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'OperatorHolds' });
export type OperatorHolds = z.infer<typeof OperatorHolds>;

const atMostOne = (asked: object): boolean => Object.values(asked).filter(Boolean).length <= 1;

export const HoldSearch = z
  .strictObject({
    eventId: EventId,
    holdId: Uuid.optional(),
    buyer: Uuid.optional(),
    ticketId: z.coerce.number().int().positive().max(limits.ticketIdMax).optional(),
    cursor: Uuid.optional(),
  })
  .refine(
    ({ holdId, buyer, ticketId }) => atMostOne({ holdId, buyer, ticketId }),
    'more than one is asked for',
  );
export type HoldSearch = z.infer<typeof HoldSearch>;

const unknownCaller = ['tokenMissing', 'tokenInvalid'] as const;
const refused = [...unknownCaller, 'tokenExpired', 'forbidden'] as const;

export const listOperatorHolds = createRoute({
  method: 'get',
  path: '/api/v1/operator/holds',
  operationId: 'listOperatorHolds',
  summary: 'Holds of an event: one, those of a buyer, the last one of a ticket, or all that live',
  description:
    'A fan who is told `holdId`, or whose ticket is known, is found by it. No names and no addresses.',
  security: operators('desk'),
  request: { query: HoldSearch },
  responses: { 200: json(OperatorHolds, 'One page'), ...refusals(...refused, 'eventUnknown') },
});

export const HoldRelease = z.strictObject({ why: Why }).meta({ id: 'HoldRelease' });

export const releaseOperatorHold = createRoute({
  method: 'delete',
  path: '/api/v1/operator/holds/{holdId}',
  operationId: 'releaseOperatorHold',
  summary: "Give a hold's tickets back, as its fan could; over already, nothing changes",
  security: operators('desk'),
  request: { params: HoldParams, body: body(HoldRelease) },
  responses: {
    204: { description: 'Released' },
    ...refusals(...refused, 'holdUnknown', 'orderClosed', 'mediaType', 'bodyTooLarge'),
  },
});

export const internalListHolds = createRoute({
  method: 'get',
  path: '/internal/holds',
  operationId: 'internalListHolds',
  summary: 'Holds of an event: one, those of a buyer, the last one of a ticket, or all that live',
  security: bearer('service'),
  request: { query: HoldSearch },
  responses: { 200: json(OperatorHolds, 'One page'), ...refusals(...unknownCaller, 'eventUnknown') },
});

export const ReleasedHold = z.object({ eventId: EventId }).meta({ id: 'ReleasedHold' });

export const internalReleaseHold = createRoute({
  method: 'delete',
  path: '/internal/holds/{holdId}',
  operationId: 'internalReleaseHold',
  summary: "Give a hold's tickets back, in an operator's name; again changes nothing",
  security: bearer('service'),
  request: { params: HoldParams, body: body(Actor.extend({ why: Why })) },
  responses: {
    200: json(ReleasedHold, 'Released'),
    ...refusals(...unknownCaller, 'holdUnknown', 'orderClosed'),
  },
});
