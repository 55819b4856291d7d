import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { PlaceId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import { bearer, body, EventParams, IdempotentHeaders, json, operators, refusals } from './common.ts';
import { Actor } from './internal.ts';
import { Why } from './refunds.ts';

/** What operators take from a fan: his place, for good, or one turn. */

export const Removal = z
  .strictObject({
    place: PlaceId.optional(),
    buyer: Uuid.optional().describe('Whose place in this line it is'),
    why: Why,
  })
  .refine(({ place, buyer }) => (place === undefined) !== (buyer === undefined), 'either place or buyer')
  .meta({ id: 'Removal' });
export type Removal = z.infer<typeof Removal>;

export const Revocation = z
  .strictObject({ place: PlaceId, turn: z.int().min(1).max(limits.turnsMax), why: Why })
  .meta({ id: 'Revocation' });
export type Revocation = z.infer<typeof Revocation>;

/** It is written down, and in force. */
export const Taken = z
  .object({
    place: PlaceId,
    gaveUp: z.boolean().describe('Whether there was a place in line, an offer or a session to give up'),
  })
  .meta({ id: 'Taken' });
export type Taken = z.infer<typeof Taken>;

const path = '/api/v1/operator/rooms/{eventId}';
const services = ['tokenMissing', 'tokenInvalid'] as const;
const refused = [...services, 'tokenExpired', 'forbidden', 'eventUnknown'] as const;

export const removePlace = createRoute({
  method: 'post',
  path: `${path}/removals`,
  operationId: 'removePlace',
  summary:
    'Take a place out of the line for good, with its offer or session; again changes nothing. In the audit',
  description: 'After `unavailable` ask again: it may be written down and not in force yet.',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(Removal) },
  responses: { 200: json(Taken, 'Removed'), ...refusals(...refused) },
});

export const revokeTurn = createRoute({
  method: 'post',
  path: `${path}/revocations`,
  operationId: 'revokeTurn',
  summary:
    'End a turn: its offer or session is over at once, and the core takes no hold of it; again changes nothing. In the audit',
  description: 'After `unavailable` ask again: it may be written down and not in force yet.',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(Revocation) },
  responses: { 200: json(Taken, 'Revoked'), ...refusals(...refused, 'placeUnknown') },
});

export const internalRemovePlace = createRoute({
  method: 'post',
  path: '/internal/rooms/{eventId}/removals',
  operationId: 'internalRemovePlace',
  summary: "Write a removal down, in an operator's name; again changes nothing",
  security: bearer('service'),
  request: { params: EventParams, body: body(Actor.extend({ place: PlaceId, why: Why })) },
  responses: { 204: { description: 'Written' }, ...refusals(...services, 'eventUnknown') },
});

export const internalRevokeTurn = createRoute({
  method: 'post',
  path: '/internal/rooms/{eventId}/revocations',
  operationId: 'internalRevokeTurn',
  summary: "Write a revocation down, in an operator's name; again changes nothing",
  security: bearer('service'),
  request: { params: EventParams, body: body(Actor.extend({ revocation: Revocation })) },
  responses: { 204: { description: 'Written' }, ...refusals(...services, 'eventUnknown', 'placeUnknown') },
});
