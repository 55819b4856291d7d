import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, PlaceId } from '../ids.ts';
import { Lane } from '../lanes.ts';
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
    orderMode: z
      .enum(['arrival', 'draw'])
      .describe(
        'arrival: first come, first served. draw: who joins before opensAtMs is drawn at random, who comes later stands behind in order of arrival',
      ),
    opensAtMs: TimeMs.max(limits.timeMaxMs)
      .nullable()
      .describe("When the doors open, by the line's clock; fans join before. null: they are open"),
    endsAtMs: TimeMs.max(limits.timeMaxMs).nullable().describe('When the sale ends; null: not by itself'),
    priorityPercent: z
      .int()
      .min(0)
      .max(limits.laneShareMaxPercent)
      .describe('Share of admissions for the priority lane while somebody waits there'),
    returningPercent: z
      .int()
      .min(0)
      .max(limits.laneShareMaxPercent)
      .describe('Share of admissions for the returning lane while somebody waits there'),
    identity: z
      .enum(['session', 'invitation'])
      .describe('What a place belongs to: a browser, or an invitation; then nobody joins without one'),
    whenAway: z
      .enum(['hold', 'open'])
      .describe('While the line is away: admit nobody, or let everyone through without a line'),
    message: z
      .record(
        z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
        z
          .string()
          .trim()
          .min(1)
          .max(limits.roomMessageMaxChars)
          .regex(/^[^\p{Cc}]+$/u),
      )
      .refine((texts) => Object.keys(texts).length <= limits.roomMessageMaxLanguages)
      .nullable()
      .describe('What waiting fans are told, by language; null: nothing'),
  })
  .meta({ id: 'RoomPolicy' });
export type RoomPolicy = z.infer<typeof RoomPolicy>;

/** 32 bytes, hex. */
export const Hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A row of `rooms`, and its copy in Redis. `version` grows by one with every change. `epoch` grows by one whenever Redis
 * was lost. The seed of a draw is for our own processes until the doors are open; its SHA-256 is public from the start.
 */
export const Room = RoomPolicy.extend({
  eventId: EventId,
  version: z.int().positive(),
  epoch: z.int().nonnegative().describe('0: no Redis has known the room yet'),
  seed: Hex32,
  commitment: Hex32.describe('SHA-256 of the seed'),
  rehearsal: z.boolean().default(false).describe('The event is one of a load test'),
}).meta({ id: 'Room' });
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
  'preOpening',
  'ended',
  'healing',
  'soldOut',
  'empty',
  'away',
  'batch',
  'open',
]);
export type AdmissionReason = z.infer<typeof AdmissionReason>;

/** A batch as Redis took it from the line. Its number is for people: what counts is (event, place, turn). */
export const Batch = z
  .object({
    batch: z.int().positive().max(Number.MAX_SAFE_INTEGER),
    epoch: z.int().nonnegative().max(2_147_483_647).describe('Of the room when it was taken'),
    takenAtMs: TimeMs.max(limits.timeMaxMs),
    reason: AdmissionReason.describe('What bounded its size'),
    places: z
      .array(
        z.object({
          place: PlaceId,
          turn: z.int().min(1).max(limits.turnsMax),
          order: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER),
          lane: Lane,
          back: z.boolean().default(false).describe('Passed over before, and back: out of order, first'),
        }),
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
    holders: z.int().nonnegative().default(0).describe('Shoppers who have the held tickets'),
    blocked: z.int().nonnegative().default(0).describe('Taken off sale by operators: neither free nor sold'),
    heldUntilMs: TimeMs.nullable()
      .default(null)
      .describe('When the last of the held tickets is free again, if nobody buys it; null: none is held'),
    lapsing: z
      .int()
      .nonnegative()
      .default(0)
      .describe('Of the held ones: tickets that are free within limits.returnsAheadMs, if nobody buys them'),
    perFan: z
      .object({ mean: z.number().nonnegative(), deviation: z.number().nonnegative(), fans: z.int() })
      .nullable()
      .default(null)
      .describe(
        'Tickets that fans whose turn is over have bought, no-shows among them; null: too few to say',
      ),
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
  summary: 'Every room, with its policy',
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
  summary: 'One room',
  security,
  request: { params: EventParams },
  responses: { 200: json(Room, 'The room'), ...refusals(...refusedWithoutToken, 'eventUnknown') },
});

export const patchRoom = createRoute({
  method: 'patch',
  path: '/internal/rooms/{eventId}',
  operationId: 'internalPatchRoom',
  summary: "Change a room's policy, in an operator's name; in the audit",
  security,
  request: { params: EventParams, body: body(Actor.extend({ patch: RoomPatch })) },
  responses: {
    200: json(Room, 'The room after the change'),
    ...refusals(...refusedWithoutToken, 'eventUnknown', 'orderSettled'),
  },
});

export const internalDrawNewSeed = createRoute({
  method: 'post',
  path: '/internal/rooms/{eventId}/seed',
  operationId: 'internalDrawNewSeed',
  summary: "Give a draw a new seed, in an operator's name, while nobody may have joined",
  security,
  request: { params: EventParams, body: body(Actor) },
  responses: {
    200: json(Room, 'The room with its new seed'),
    ...refusals(...refusedWithoutToken, 'eventUnknown', 'orderSettled'),
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

/**
 * A turn that was recorded, and what became of it. `claimed` while a session of it may live, at the latest `untilMs`: whether it
 * was claimed, the line alone knows.
 */
export const KnownTurn = z
  .object({
    place: PlaceId,
    turn: z.int().nonnegative().describe('0: removed before the first turn'),
    stage: z.enum(['claimed', 'expired', 'ordered', 'removed', 'revoked']),
    offeredAtMs: TimeMs.describe('When it was recorded: it was offered then or later'),
    claimByMs: TimeMs,
    untilMs: TimeMs,
  })
  .meta({ id: 'KnownTurn' });
export type KnownTurn = z.infer<typeof KnownTurn>;

export const beginEpoch = createRoute({
  method: 'post',
  path: '/internal/rooms/{eventId}/epochs',
  operationId: 'internalBeginEpoch',
  summary:
    'Redis lost the room, or never knew it: the next epoch. Asked again from the same epoch, the same answer',
  security,
  request: { params: EventParams, body: body(z.object({ from: z.int().nonnegative().max(2_147_483_647) })) },
  responses: {
    200: json(Room, 'The room in its new epoch'),
    ...refusals(...refusedWithoutToken, 'eventUnknown'),
  },
});

export const listTurns = createRoute({
  method: 'get',
  path: '/internal/rooms/{eventId}/turns',
  operationId: 'internalListTurns',
  summary: 'Every turn of the event, a page at a time: with them a lost line knows who was let in',
  security,
  request: {
    params: EventParams,
    query: z.object({ after: z.string().max(64).optional().describe('`next` of the page before') }),
  },
  responses: {
    200: json(
      z.object({ turns: z.array(KnownTurn).max(limits.turnsPageMax), next: z.string().nullable() }),
      'A page; next is null after the last',
    ),
    ...refusals(...refusedWithoutToken, 'eventUnknown'),
  },
});

export const getStock = createRoute({
  method: 'get',
  path: '/internal/events/{eventId}/stock',
  operationId: 'internalGetStock',
  summary: 'How much is left, and how loaded the core is, in one cheap read',
  security,
  request: { params: EventParams },
  responses: { 200: json(Stock, 'Stock and pressure'), ...refusals(...refusedWithoutToken, 'eventUnknown') },
});

export const patchEvent = createRoute({
  method: 'patch',
  path: '/internal/events/{eventId}',
  operationId: 'internalPatchEvent',
  summary: "Change an event, in an operator's name; in the audit",
  security,
  request: { params: EventParams, body: body(Actor.extend({ patch: EventPatch })) },
  responses: {
    204: { description: 'Changed; holds made from now on live so long' },
    ...refusals(...refusedWithoutToken, 'eventUnknown'),
  },
});
