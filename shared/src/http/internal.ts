import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, PlaceId } from '../ids.ts';
import { limits } from '../limits.ts';
import { bearer, body, EventParams, json, refusals, TimeMs } from './common.ts';

/** Routes between our own processes: a port of their own and the service token. */

/** What an operator may set. Absent is unchanged. */
export const RoomPolicy = z
  .object({
    open: z.boolean().describe('The doors: closed, nobody joins and nobody is admitted'),
    paused: z.boolean().describe('Fans join and keep their places; nobody is admitted'),
    ratePerMinute: z.int().min(0).max(limits.ratePerMinuteMax).describe('Fans admitted per minute at most'),
    capacity: z.int().min(0).max(limits.capacityMax).describe('Offers and live sessions at once at most'),
    claimWindowMs: z
      .int()
      .min(limits.claimWindowMinMs)
      .max(limits.claimWindowMaxMs)
      .describe('How long an offer waits to be claimed'),
    sessionTtlMs: z
      .int()
      .min(limits.sessionTtlMinMs)
      .max(limits.sessionTtlMaxMs)
      .describe('How long a shopper may shop'),
  })
  .meta({ id: 'RoomPolicy' });
export type RoomPolicy = z.infer<typeof RoomPolicy>;

/** A row of `rooms`, and its copy in Redis. `version` grows by one with every change. */
export const Room = RoomPolicy.extend({ eventId: EventId, version: z.int().positive() }).meta({ id: 'Room' });
export type Room = z.infer<typeof Room>;

export const RoomPatch = RoomPolicy.partial().strict().meta({ id: 'RoomPatch' });
export type RoomPatch = z.infer<typeof RoomPatch>;

/** Who asks for a change, for the audit. */
export const Actor = z.object({ actor: z.string().min(1).max(64), requestId: z.string().max(64).optional() });

export const AdmissionReason = z.enum([
  'rate',
  'capacity',
  'stock',
  'pressure',
  'paused',
  'closed',
  'soldOut',
  'empty',
  'batch',
]);
export type AdmissionReason = z.infer<typeof AdmissionReason>;

/** A batch as Redis took it from the line. Its number is for people: what counts is (event, place, turn). */
export const Batch = z
  .object({
    batch: z.int().positive(),
    takenAtMs: TimeMs,
    reason: AdmissionReason.describe('What bounded its size'),
    places: z
      .array(
        z.object({ place: PlaceId, turn: z.int().min(1).max(limits.turnsMax), order: z.int().nonnegative() }),
      )
      .min(1)
      .max(limits.batchMaxPlaces),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof Batch>;

/** `new`: recorded by this call; `already`: by an earlier one. Both are admitted, once. */
export const RecordedBatch = z
  .object({
    places: z.array(z.object({ place: PlaceId, turn: z.int(), outcome: z.enum(['new', 'already']) })),
  })
  .meta({ id: 'RecordedBatch' });
export type RecordedBatch = z.infer<typeof RecordedBatch>;

/** Stock by the database's clock, and how loaded the core is (0 idle, 1 admit nobody). At most limits.stockMaxAgeMs old. */
export const Stock = z
  .object({
    total: z.int().nonnegative(),
    free: z.int().nonnegative(),
    held: z.int().nonnegative(),
    sold: z.int().nonnegative(),
    blocked: z.int().nonnegative().default(0).describe('Taken off sale by operators: neither free nor sold'),
    pressure: z.number().min(0).max(1),
    asOfMs: TimeMs,
  })
  .meta({ id: 'Stock' });
export type Stock = z.infer<typeof Stock>;

export const EventPatch = z
  .object({
    holdTtlMs: z.int().min(limits.holdTtlMinMs).max(limits.holdTtlMaxMs),
    cancelUntilMs: TimeMs.max(limits.timeMaxMs)
      .nullable()
      .describe('Until when fans may give their orders back; null: never'),
  })
  .partial()
  .strict()
  .meta({ id: 'EventPatch' });
export type EventPatch = z.infer<typeof EventPatch>;

const security = bearer('service');
const refusedWithoutToken = ['tokenMissing', 'tokenInvalid'] as const;

export const listRooms = createRoute({
  method: 'get',
  path: '/internal/rooms',
  operationId: 'internalListRooms',
  security,
  responses: {
    200: json(z.object({ rooms: z.array(Room) }), 'Every room'),
    ...refusals(...refusedWithoutToken),
  },
});

export const getRoom = createRoute({
  method: 'get',
  path: '/internal/rooms/{eventId}',
  operationId: 'internalGetRoom',
  security,
  request: { params: EventParams },
  responses: { 200: json(Room, 'The room'), ...refusals(...refusedWithoutToken, 'eventUnknown') },
});

export const patchRoom = createRoute({
  method: 'patch',
  path: '/internal/rooms/{eventId}',
  operationId: 'internalPatchRoom',
  security,
  request: { params: EventParams, body: body(Actor.extend({ patch: RoomPatch })) },
  responses: {
    200: json(Room, 'The room after the change'),
    ...refusals(...refusedWithoutToken, 'eventUnknown'),
  },
});

export const recordBatch = createRoute({
  method: 'post',
  path: '/internal/rooms/{eventId}/batches',
  operationId: 'internalRecordBatch',
  summary: 'Safe to repeat: every place is answered new or already',
  security,
  request: { params: EventParams, body: body(Batch) },
  responses: { 200: json(RecordedBatch, 'Each place'), ...refusals(...refusedWithoutToken, 'eventUnknown') },
});

export const getStock = createRoute({
  method: 'get',
  path: '/internal/events/{eventId}/stock',
  operationId: 'internalGetStock',
  security,
  request: { params: EventParams },
  responses: { 200: json(Stock, 'Stock and pressure'), ...refusals(...refusedWithoutToken, 'eventUnknown') },
});

export const patchEvent = createRoute({
  method: 'patch',
  path: '/internal/events/{eventId}',
  operationId: 'internalPatchEvent',
  security,
  request: { params: EventParams, body: body(Actor.extend({ patch: EventPatch })) },
  responses: {
    204: { description: 'Changed; holds made from now on live so long' },
    ...refusals(...refusedWithoutToken, 'eventUnknown'),
  },
});
