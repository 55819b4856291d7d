import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { bearer, body, EventParams, IdempotentHeaders, json, refusals, TimeMs } from './common.ts';
import { AdmissionReason, EventPatch, Room, RoomPatch, Stock } from './internal.ts';

/** The room as the operator sees it: its policy, and the line live. `null` where that part is away or has not begun. */
export const OperatorRoom = z
  .object({
    policy: Room,
    live: z
      .object({
        waiting: z.int().nonnegative(),
        offers: z.int().nonnegative(),
        sessions: z.int().nonnegative(),
        admittedLastMinute: z.int().nonnegative(),
        reason: AdmissionReason.describe('Why no more were admitted at the last tick'),
        tickedAtMs: TimeMs,
        policyVersion: z.int().nonnegative().describe('Version that the last tick worked by'),
      })
      .nullable(),
    stock: Stock.nullable(),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'OperatorRoom' });
export type OperatorRoom = z.infer<typeof OperatorRoom>;

const path = '/api/v1/operator/rooms/{eventId}';
const refused = ['tokenMissing', 'tokenInvalid', 'tokenExpired', 'forbidden'] as const;

export const listOperatorRooms = createRoute({
  method: 'get',
  path: '/api/v1/operator/rooms',
  operationId: 'listOperatorRooms',
  summary: 'Every room',
  security: bearer('operator'),
  responses: { 200: json(z.object({ rooms: z.array(OperatorRoom) }), 'The rooms'), ...refusals(...refused) },
});

export const getOperatorRoom = createRoute({
  method: 'get',
  path,
  operationId: 'getOperatorRoom',
  summary: 'Policy, line and stock of one room',
  security: bearer('operator'),
  request: { params: EventParams },
  responses: { 200: json(OperatorRoom, 'The room'), ...refusals(...refused, 'eventUnknown') },
});

export const patchOperatorRoom = createRoute({
  method: 'patch',
  path,
  operationId: 'patchOperatorRoom',
  summary: 'Change the policy; in force within a second, and in the audit',
  security: bearer('operator'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(RoomPatch) },
  responses: {
    200: json(OperatorRoom, 'The room after the change'),
    ...refusals(...refused, 'eventUnknown', 'mediaType', 'bodyTooLarge'),
  },
});

export const patchOperatorEvent = createRoute({
  method: 'patch',
  path: '/api/v1/operator/events/{eventId}',
  operationId: 'patchOperatorEvent',
  summary: 'Change how long new holds live, and until when orders may be given back',
  security: bearer('operator'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(EventPatch) },
  responses: {
    204: { description: 'Changed' },
    ...refusals(...refused, 'eventUnknown', 'mediaType', 'bodyTooLarge'),
  },
});
