import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { Lane } from '../lanes.ts';
import { RoomState } from '../room-state.ts';
import { body, EventParams, IdempotentHeaders, json, operators, refusals, TimeMs } from './common.ts';
import { AdmissionReason, EventPatch, Room, RoomPatch, Stock } from './internal.ts';

/**
 * Whether what fans were told came true, as the sockets of the gateway that answers saw it: newer fans weigh more, about the
 * last limits.calibrationFans count.
 */
export const Calibration = z
  .object({
    inside: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Share of waits inside the range that was told, 0.9 if all is well; null: none is over'),
    waits: z.object({
      inside: z.int().nonnegative(),
      earlier: z.int().nonnegative(),
      later: z.int().nonnegative(),
    }),
    odds: z
      .array(
        z.object({
          percent: z.int().min(0).max(100).describe('As told; 0 for under 5, 100 for over 95'),
          fans: z.int().nonnegative(),
          letIn: z.int().nonnegative(),
        }),
      )
      .describe('Of fans told such odds, how many were let in before all was sold'),
  })
  .meta({ id: 'Calibration' });
export type Calibration = z.infer<typeof Calibration>;

/** The room as the operator sees it: its policy, and the line live. `null` where that part is away or has not begun. */
export const OperatorRoom = z
  .object({
    policy: Room.omit({ seed: true }),
    live: z
      .object({
        state: RoomState,
        waiting: z.int().nonnegative().describe('Everyone, those who are away too'),
        away: z
          .int()
          .nonnegative()
          .describe('Passed over: not there when their turn came, first when they are back'),
        lanes: z.record(
          Lane,
          z.object({ waiting: z.int().nonnegative(), admittedLastMinute: z.int().nonnegative() }),
        ),
        offers: z.int().nonnegative(),
        sessions: z.int().nonnegative(),
        noShows: z
          .int()
          .nonnegative()
          .describe('Offers that nobody took in time, since the room began or Redis was lost'),
        admittedLastMinute: z.int().nonnegative(),
        epoch: z.int().nonnegative().describe('Grows by one with every loss of Redis'),
        healing: z.boolean().describe('The line is being put together again: nobody is admitted'),
        reason: AdmissionReason.describe('Why no more were admitted at the last tick'),
        calibration: Calibration.nullable().describe('null: nothing that was told is over yet'),
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
  security: operators('viewer'),
  responses: { 200: json(z.object({ rooms: z.array(OperatorRoom) }), 'The rooms'), ...refusals(...refused) },
});

export const getOperatorRoom = createRoute({
  method: 'get',
  path,
  operationId: 'getOperatorRoom',
  summary: 'Policy, line and stock of one room',
  security: operators('viewer'),
  request: { params: EventParams },
  responses: { 200: json(OperatorRoom, 'The room'), ...refusals(...refused, 'eventUnknown') },
});

export const patchOperatorRoom = createRoute({
  method: 'patch',
  path,
  operationId: 'patchOperatorRoom',
  summary: 'Change the policy; in force within a second, and in the audit',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(RoomPatch) },
  responses: {
    200: json(OperatorRoom, 'The room after the change'),
    ...refusals(...refused, 'eventUnknown', 'orderSettled', 'mediaType', 'bodyTooLarge'),
  },
});

export const drawNewSeed = createRoute({
  method: 'post',
  path: `${path}/seed`,
  operationId: 'drawNewSeed',
  summary:
    'Give a draw a new secret seed, and so a new commitment, while nobody may have joined; in the audit',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders },
  responses: {
    200: json(OperatorRoom, 'The room with its new commitment'),
    ...refusals(...refused, 'eventUnknown', 'orderSettled'),
  },
});

export const patchOperatorEvent = createRoute({
  method: 'patch',
  path: '/api/v1/operator/events/{eventId}',
  operationId: 'patchOperatorEvent',
  summary: 'Change how long new holds live, and until when orders may be given back',
  security: operators('manager'),
  request: { params: EventParams, headers: IdempotentHeaders, body: body(EventPatch) },
  responses: {
    204: { description: 'Changed' },
    ...refusals(...refused, 'eventUnknown', 'mediaType', 'bodyTooLarge'),
  },
});
