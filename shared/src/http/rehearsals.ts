import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  EventParams,
  IdempotentHeaders,
  json,
  operators,
  PriceMinor,
  refusals,
  TimeMs,
} from './common.ts';
import { Event } from './events.ts';
import { Actor, EventPatch, Room, RoomPatch } from './internal.ts';
import { OperatorRoom } from './operator.ts';
import { OrderRequest } from './orders.ts';

/** The id of a rehearsal says that it is one. */
export const RehearsalId = z
  .string()
  .regex(/^rehearsal-[a-z0-9-]{1,53}$/)
  .describe('A rehearsal, in words: `rehearsal-friday-1`');

const buyerLimit = z.int().min(1).max(limits.holdQuantityMax).describe('Tickets one buyer may take');
const shared = {
  eventId: RehearsalId,
  name: OrderRequest.shape.name.describe('As its pages call it'),
  holdTtlMs: EventPatch.shape.holdTtlMs.describe('How long a hold lives'),
  room: RoomPatch.optional().describe('What of the policy is not as it would be'),
};

export const RehearsalTier = z
  .strictObject({
    tierId: TierId,
    name: OrderRequest.shape.name,
    priceMinor: PriceMinor.max(limits.amountMaxMinor / 1_000),
    feeMinor: PriceMinor.max(limits.amountMaxMinor / 1_000).default(0),
    taxPercent: z.number().min(0).max(100).multipleOf(0.01).default(0).describe('Added to price and fee'),
    quantity: z.int().min(1).max(limits.rehearsalTicketsMax),
  })
  .meta({ id: 'RehearsalTier' });

/** Either a sale of general admission, tier by tier, or one like another event: its tiers, tickets and policy. */
export const RehearsalRequest = z
  .union([
    z.strictObject({
      ...shared,
      buyerLimit,
      tiers: z
        .array(RehearsalTier)
        .min(1)
        .max(limits.rehearsalTiersMax)
        .refine((tiers) => new Set(tiers.map(({ tierId }) => tierId)).size === tiers.length, 'one tier twice')
        .refine(
          (tiers) => tiers.reduce((sum, { quantity }) => sum + quantity, 0) <= limits.rehearsalTicketsMax,
          `more than ${limits.rehearsalTicketsMax} tickets`,
        ),
    }),
    z.strictObject({
      ...shared,
      buyerLimit: buyerLimit.optional().describe('As of that event, unless said'),
      like: EventId.describe(
        'The event whose tiers, tickets, prices and policy it gets; its doors are open and nothing of it is sold',
      ),
    }),
  ])
  .meta({ id: 'RehearsalRequest' });
export type RehearsalRequest = z.infer<typeof RehearsalRequest>;

export const Rehearsal = z.object({ room: OperatorRoom, event: Event }).meta({ id: 'Rehearsal' });
export type Rehearsal = z.infer<typeof Rehearsal>;

export const EndedRehearsal = z
  .object({ eventId: EventId, endedAtMs: TimeMs })
  .meta({ id: 'EndedRehearsal' });
export type EndedRehearsal = z.infer<typeof EndedRehearsal>;

const path = '/api/v1/operator/rehearsals';
const refused = ['tokenMissing', 'tokenInvalid', 'tokenExpired', 'forbidden', 'eventUnknown'] as const;

export const createRehearsal = createRoute({
  method: 'post',
  path,
  operationId: 'createRehearsal',
  summary:
    'Put a rehearsal on sale: an event for load tests, which the list of events leaves out; in the audit',
  description:
    'Its payments go to the sandbox, whoever takes the money of other events, and its mails are written and kept. All else is as of any event. With the same body again, the same. Without `room`, its doors are open, and it has the policy of the event that it is like.',
  security: operators('manager'),
  request: { headers: IdempotentHeaders, body: body(RehearsalRequest) },
  responses: {
    200: json(Rehearsal, 'The rehearsal that was there already'),
    201: json(Rehearsal, 'The new rehearsal'),
    ...refusals(...refused, 'rehearsalTaken'),
  },
});

export const endRehearsal = createRoute({
  method: 'post',
  path: `${path}/{eventId}/end`,
  operationId: 'endRehearsal',
  summary: 'End a rehearsal for good; in the audit',
  description:
    'Its doors close at once, its room is gone a minute later, and what Redis had of its line with it. Orders stay. Holds run out by themselves. Again, it changes nothing.',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders },
  responses: { 200: json(EndedRehearsal, 'When it ended'), ...refusals(...refused, 'notARehearsal') },
});

const security = bearer('service');
const refusedWithoutToken = ['tokenMissing', 'tokenInvalid'] as const;

export const InternalRehearsal = z.object({ room: Room, event: Event }).meta({ id: 'InternalRehearsal' });
export type InternalRehearsal = z.infer<typeof InternalRehearsal>;

/** A rehearsal as the line must know it: its last policy, and whether it is over. */
export const RehearsalState = z
  .object({ room: Room, endedAtMs: TimeMs.nullable() })
  .meta({ id: 'RehearsalState' });
export type RehearsalState = z.infer<typeof RehearsalState>;

export const internalCreateRehearsal = createRoute({
  method: 'post',
  path: '/internal/rehearsals',
  operationId: 'internalCreateRehearsal',
  summary: 'Put a rehearsal on sale in one commit; with the same body again, the same',
  security,
  request: { body: body(Actor.extend({ asked: RehearsalRequest })) },
  responses: {
    200: json(InternalRehearsal, 'It was there already'),
    201: json(InternalRehearsal, 'It is new'),
    ...refusals(...refusedWithoutToken, 'eventUnknown', 'rehearsalTaken'),
  },
});

export const internalGetRehearsal = createRoute({
  method: 'get',
  path: '/internal/rehearsals/{eventId}',
  operationId: 'internalGetRehearsal',
  summary: 'Whether a rehearsal is over, and its room as it was last',
  security,
  request: { params: EventParams },
  responses: {
    200: json(RehearsalState, 'The rehearsal'),
    ...refusals(...refusedWithoutToken, 'eventUnknown', 'notARehearsal'),
  },
});

export const internalEndRehearsal = createRoute({
  method: 'post',
  path: '/internal/rehearsals/{eventId}/end',
  operationId: 'internalEndRehearsal',
  summary: "End a rehearsal in an operator's name; again, it changes nothing",
  security,
  request: { params: EventParams, body: body(Actor) },
  responses: {
    200: json(RehearsalState.extend({ endedAtMs: TimeMs }), 'It is over'),
    ...refusals(...refusedWithoutToken, 'eventUnknown', 'notARehearsal'),
  },
});
