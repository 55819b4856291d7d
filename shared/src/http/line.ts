import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId } from '../ids.ts';
import { Lane, lanes } from '../lanes.ts';
import { limits } from '../limits.ts';
import { RoomState } from '../room-state.ts';
import {
  bearer,
  body,
  EventParams,
  IdempotentHeaders,
  json,
  optionalBody,
  refusals,
  TimeMs,
} from './common.ts';
import { RoomPolicy } from './internal.ts';

/** What a fan may know of the room. `soldOut` is derived from stock at every tick; a refund takes it back. */
export const RoomView = z
  .object({
    state: RoomState,
    waiting: z.int().nonnegative(),
    version: z.int().nonnegative(),
    orderMode: RoomPolicy.shape.orderMode,
    opensAtMs: RoomPolicy.shape.opensAtMs,
    endsAtMs: RoomPolicy.shape.endsAtMs,
    message: RoomPolicy.shape.message,
    away: RoomPolicy.shape.whenAway
      .optional()
      .describe(
        'While the line is away. hold: nobody joins and nobody is let in, and what is said is what was last known. open: everyone is let in without a line',
      ),
  })
  .meta({ id: 'RoomView' });
export type RoomView = z.infer<typeof RoomView>;

const common = {
  eventId: EventId,
  room: RoomView,
  asOfMs: TimeMs.describe('When the line was last looked at: while it is away, this stands still'),
  serverTimeMs: TimeMs,
};

/** How long a wait is likely to be, from now: it is shorter than `fromMs` 1 time in 20, longer than `toMs` 1 time in 20. */
export const WaitRange = z
  .object({
    fromMs: z.int().nonnegative(),
    middleMs: z.int().nonnegative(),
    toMs: z.int().nonnegative(),
  })
  .meta({ id: 'WaitRange' });
export type WaitRange = z.infer<typeof WaitRange>;

/** How likely it is that tickets are left when this fan's turn comes: under 5 %, about so much in steps of 5, or over 95 %. */
export const Odds = z
  .object({ bound: z.enum(['under', 'about', 'over']), percent: z.int().min(5).max(95).multipleOf(5) })
  .meta({ id: 'Odds' });
export type Odds = z.infer<typeof Odds>;

/** One lane as all who wait may know it. */
export const LaneShare = z
  .object({
    lane: Lane,
    waiting: z.int().nonnegative().describe('Fans in it, without those passed over'),
    percent: z
      .int()
      .min(0)
      .max(100)
      .describe(
        'Its share of admissions while somebody waits in every lane; an empty lane leaves its share to the others',
      ),
  })
  .meta({ id: 'LaneShare' });
export type LaneShare = z.infer<typeof LaneShare>;

/**
 * In the line. `place` is 1 for the next to go of this lane; place and ahead are null where none may be told: in a draw
 * before the doors open, and while the line is being put together again. `wait` and `odds` are null while nothing can be
 * said honestly.
 */
export const Waiting = z.object({
  ...common,
  state: z.literal('waiting'),
  lane: Lane,
  place: z.int().positive().nullable(),
  ahead: z.int().nonnegative().nullable(),
  passedOver: z
    .boolean()
    .describe('Was away when the turn came: keeps the order, and goes in first now that the fan is back'),
  wait: WaitRange.nullable(),
  odds: Odds.nullable(),
  lanes: z
    .array(LaneShare)
    .max(lanes.length)
    .describe('Every lane of this room: who else is let in, and in what share'),
  mayComeBack: z
    .object({ tickets: z.int().positive(), byMs: TimeMs })
    .nullable()
    .describe('When none is free: tickets that others hold, and when the last of them would be free again'),
});

/** It is this fan's turn: claim with the pass before `claimByMs`. */
export const Offered = z.object({
  ...common,
  state: z.literal('offered'),
  pass: z.string(),
  claimByMs: TimeMs,
});

/** Claimed. The session token goes with every booking request, from the device that claimed. */
export const Shopping = z.object({
  ...common,
  state: z.literal('shopping'),
  session: z.string(),
  sessionExpiresAtMs: TimeMs,
  mayRenew: z.boolean().describe('Whether the session may still be given more time: once a turn'),
});

/** The turn is over: a no-show, a session that ran out, an order done, or the fan's own leaving. */
export const Over = z.object({
  ...common,
  state: z.literal('over'),
  reason: z.enum(['lapsed', 'expired', 'ordered', 'left', 'removed', 'revoked']),
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

/** Nothing, or the code of an invitation as the fan was sent it: case, spaces and hyphens do not count. */
export const JoinRequest = z
  .strictObject({ invitation: z.string().min(1).max(limits.invitationCodeMaxChars).optional() })
  .meta({ id: 'JoinRequest' });
export type JoinRequest = z.infer<typeof JoinRequest>;

const linePath = '/api/v1/events/{eventId}/line';

export const joinLine = createRoute({
  method: 'post',
  path: linePath,
  operationId: 'joinLine',
  summary: 'Take a place; asking again gives the same place',
  description:
    'Who the fan is comes from the `onsale_fan` cookie, or from a place token sent as Bearer; without either a new identity is made. Without a body, or with the code of an invitation: it leads to the lane it is for; who waits already changes lanes and keeps his order. In a room for invited fans the place belongs to the invitation: nobody joins without one, and one invitation is one place in however many browsers. A fan whose turn is over and who has turns left gets a new place at the end.',
  request: {
    params: EventParams,
    headers: IdempotentHeaders,
    body: optionalBody(JoinRequest),
  },
  responses: {
    200: json(Joined, 'The place that was there already'),
    201: json(Joined, 'A new place'),
    ...refusals(
      'eventUnknown',
      'roomClosed',
      'turnsSpent',
      'placeRemoved',
      'invitationNeeded',
      'invitationInvalid',
      'invitationSpent',
      'invitationOver',
      'tokenInvalid',
      'forbidden',
      'loadTestRefused',
      'tooManyRequests',
    ),
  },
});

export const getStatus = createRoute({
  method: 'get',
  path: `${linePath}/me`,
  operationId: 'getStatus',
  summary: 'Where the fan stands',
  description: 'ETag leaves out `serverTimeMs`; `Retry-After` says when asking again is worth it.',
  security: bearer('place'),
  request: {
    params: EventParams,
    headers: z.object({
      'if-none-match': z.string().max(limits.etagMaxChars).optional().describe('The ETag of the last answer'),
    }),
  },
  responses: {
    200: json(PlaceStatus, 'The status'),
    304: { description: 'Nothing changed since the ETag of If-None-Match' },
    ...refusals('eventUnknown', 'tokenMissing', 'tokenInvalid', 'placeUnknown', 'tooManyRequests'),
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
  description:
    'The session belongs to the device that claims: to who sends the same `onsale_fan` cookie. Without one, one is set. Claimed again from another device it is `otherDevice`.',
  request: { params: EventParams, headers: IdempotentHeaders, body: body(ClaimRequest) },
  responses: {
    200: json(Shopping, 'The session'),
    ...refusals(
      'eventUnknown',
      'tokenInvalid',
      'tokenExpired',
      'offerLapsed',
      'sessionOver',
      'otherDevice',
      'forbidden',
      'loadTestRefused',
      'tooManyRequests',
    ),
  },
});

export const renewSession = createRoute({
  method: 'post',
  path: '/api/v1/events/{eventId}/session/renewal',
  operationId: 'renewSession',
  summary: 'Give a living session more time, once a turn; asking again changes nothing',
  description: `${limits.sessionRenewalPercent} % of the time that sessions have, at most ${limits.sessionRenewalMaxMs / 60_000} minutes, from its end on. No body. Holds keep their own end.`,
  security: bearer('session'),
  request: { params: EventParams, headers: IdempotentHeaders },
  responses: {
    200: json(Shopping, 'The session with its new end, and the token that goes with it'),
    ...refusals(
      'eventUnknown',
      'tokenMissing',
      'tokenInvalid',
      'tokenExpired',
      'sessionOver',
      'otherDevice',
      'tooManyRequests',
    ),
  },
});
