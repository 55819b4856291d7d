import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId } from '../ids.ts';
import { bearer, body, EventParams, IdempotentHeaders, json, refusals, TimeMs } from './common.ts';

/** What a fan may know of the room. `soldOut` is derived from stock at every tick; a refund takes it back. */
export const RoomView = z
  .object({
    state: z.enum(['closed', 'open', 'paused', 'soldOut']),
    waiting: z.int().nonnegative(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'RoomView' });
export type RoomView = z.infer<typeof RoomView>;

const common = {
  eventId: EventId,
  room: RoomView,
  serverTimeMs: TimeMs,
};

/** In the line. `place` is 1 for the next to go; `estimateMs` is null while nothing can be said honestly. */
export const Waiting = z.object({
  ...common,
  state: z.literal('waiting'),
  place: z.int().positive(),
  ahead: z.int().nonnegative(),
  estimateMs: z.int().nonnegative().nullable(),
});

/** It is this fan's turn: claim with the pass before `claimByMs`. */
export const Offered = z.object({
  ...common,
  state: z.literal('offered'),
  pass: z.string(),
  claimByMs: TimeMs,
});

/** Claimed. The session token goes with every booking request. */
export const Shopping = z.object({
  ...common,
  state: z.literal('shopping'),
  session: z.string(),
  sessionExpiresAtMs: TimeMs,
});

/** The turn is over: a no-show, a session that ran out, an order done, or the fan's own leaving. */
export const Over = z.object({
  ...common,
  state: z.literal('over'),
  reason: z.enum(['lapsed', 'expired', 'ordered', 'left']),
  mayJoinAgain: z.boolean(),
});

/** One shape for joining, status and push, told apart by `state`. */
export const PlaceStatus = z
  .discriminatedUnion('state', [Waiting, Offered, Shopping, Over])
  .meta({ id: 'PlaceStatus' });
export type PlaceStatus = z.infer<typeof PlaceStatus>;

export const Joined = z
  .object({ placeToken: z.string().describe('Proof of the place: keep it'), status: PlaceStatus })
  .meta({ id: 'Joined' });
export type Joined = z.infer<typeof Joined>;

export const ClaimRequest = z.object({ pass: z.string().min(1).max(2_048) }).meta({ id: 'ClaimRequest' });

const linePath = '/api/v1/events/{eventId}/line';

export const joinLine = createRoute({
  method: 'post',
  path: linePath,
  operationId: 'joinLine',
  summary: 'Take a place; asking again gives the same place',
  description:
    'Who the fan is comes from the `onsale_fan` cookie, or from a place token sent as Bearer; without either a new identity is made. No body. A fan whose turn is over and who has turns left gets a new place at the end.',
  request: { params: EventParams, headers: IdempotentHeaders },
  responses: {
    200: json(Joined, 'The place that was there already'),
    201: json(Joined, 'A new place'),
    ...refusals('eventUnknown', 'roomClosed', 'turnsSpent', 'tokenInvalid', 'forbidden'),
  },
});

export const getStatus = createRoute({
  method: 'get',
  path: `${linePath}/me`,
  operationId: 'getStatus',
  summary: 'Where the fan stands',
  description: 'ETag leaves out `serverTimeMs`; `Retry-After` says when asking again is worth it.',
  security: bearer('place'),
  request: { params: EventParams },
  responses: {
    200: json(PlaceStatus, 'The status'),
    304: { description: 'Nothing changed since the ETag of If-None-Match' },
    ...refusals('eventUnknown', 'tokenMissing', 'tokenInvalid', 'placeUnknown'),
  },
});

export const leaveLine = createRoute({
  method: 'delete',
  path: `${linePath}/me`,
  operationId: 'leaveLine',
  summary: 'Give up the place, the offer or the session; its slot is free at once',
  security: bearer('place'),
  request: { params: EventParams, headers: IdempotentHeaders },
  responses: {
    204: { description: 'Left, or was not there' },
    ...refusals('eventUnknown', 'tokenMissing', 'tokenInvalid'),
  },
});

export const claimOffer = createRoute({
  method: 'post',
  path: '/api/v1/events/{eventId}/claim',
  operationId: 'claimOffer',
  summary: 'Take the offer with the pass; claiming again gives the same session',
  request: { params: EventParams, headers: IdempotentHeaders, body: body(ClaimRequest) },
  responses: {
    200: json(Shopping, 'The session'),
    ...refusals(
      'eventUnknown',
      'tokenInvalid',
      'tokenExpired',
      'offerLapsed',
      'sessionOver',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});
