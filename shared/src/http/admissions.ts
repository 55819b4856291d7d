import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, PlaceId } from '../ids.ts';
import { Lane } from '../lanes.ts';
import { limits } from '../limits.ts';
import { bearer, EventParams, json, operators, refusals, TimeMs } from './common.ts';
import { AdmissionReason, Hex32 } from './internal.ts';

/** Who was let in, in a form that can be checked by anyone: docs/spec/line.md says what it proves. */
export const AdmittedPlace = z
  .strictObject({
    place: PlaceId,
    turn: z.int().positive(),
    order: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER),
    lane: Lane,
    back: z.boolean().describe('Passed over before, and back: out of order, first'),
    invitedAtMs: TimeMs.nullable().describe(
      'When it came to the priority lane: who came from another lane keeps his order',
    ),
  })
  .meta({ id: 'AdmittedPlace' });
export type AdmittedPlace = z.infer<typeof AdmittedPlace>;

/** One record of the chain. */
export const AdmittedBatch = z
  .strictObject({
    batch: z.int().positive(),
    epoch: z.int().nonnegative(),
    takenAtMs: TimeMs,
    reason: AdmissionReason,
    firstOrder: z.int().nonnegative(),
    lastOrder: z.int().nonnegative(),
    lanes: z.record(Lane, z.int().nonnegative()),
    placesHash: Hex32,
    previousHash: Hex32.nullable().describe('Of the record before; null: the first'),
    hash: Hex32,
    places: z.array(AdmittedPlace).min(1).max(limits.batchMaxPlaces).describe('By order and place'),
  })
  .meta({ id: 'AdmittedBatch' });
export type AdmittedBatch = z.infer<typeof AdmittedBatch>;

const Position = z
  .string()
  .regex(/^[0-9]{1,19}$/)
  .describe('Where a page ends');

export const AdmissionsPage = z
  .strictObject({
    eventId: EventId,
    batches: z.array(AdmittedBatch).max(limits.admissionBatchesPageMax),
    next: Position.nullable().describe('Null after the last page'),
  })
  .meta({ id: 'AdmissionsPage' });
export type AdmissionsPage = z.infer<typeof AdmissionsPage>;

const query = z.strictObject({ after: Position.optional().describe('`next` of the page before') });
const services = ['tokenMissing', 'tokenInvalid'] as const;

export const listAdmissions = createRoute({
  method: 'get',
  path: '/api/v1/operator/rooms/{eventId}/admissions',
  operationId: 'listAdmissions',
  summary:
    'Every place that was let in, with the hashes that chain the batches; a page at a time, oldest first',
  description: 'Pages, a line each, are the file that bin/verify-draw checks.',
  security: operators('viewer'),
  request: { params: EventParams, query },
  responses: {
    200: json(AdmissionsPage, 'One page'),
    ...refusals(...services, 'tokenExpired', 'forbidden', 'eventUnknown'),
  },
});

export const internalListAdmissions = createRoute({
  method: 'get',
  path: '/internal/rooms/{eventId}/admissions',
  operationId: 'internalListAdmissions',
  summary:
    'Every place that was let in, with the hashes that chain the batches; a page at a time, oldest first',
  security: bearer('service'),
  request: { params: EventParams, query },
  responses: { 200: json(AdmissionsPage, 'One page'), ...refusals(...services, 'eventUnknown') },
});
