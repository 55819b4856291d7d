import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { DRAW_ALGORITHM } from '../draw.ts';
import { EventId } from '../ids.ts';
import { lanes } from '../lanes.ts';
import { EventParams, json, refusals, TimeMs } from './common.ts';
import { Hex32, RoomPolicy } from './internal.ts';
import { LaneShare, RoomView } from './line.ts';

/** The room as anybody may see it, before joining and without: its state, who may join, and how its order can be checked. */
export const PublicRoom = z
  .object({
    eventId: EventId,
    room: RoomView,
    identity: RoomPolicy.shape.identity,
    lanes: z.array(LaneShare).max(lanes.length),
    draw: z
      .object({
        algorithm: z
          .literal(DRAW_ALGORITHM)
          .describe('The number a place draws: the first 50 bits of HMAC-SHA256(seed, place id)'),
        commitment: Hex32.describe('SHA-256 of the seed; public before the first fan joins'),
        seed: Hex32.nullable().describe(
          '32 bytes; null until the doors of a draw have been open for a few seconds, and in a room of order of arrival',
        ),
      })
      .describe('What the order of a draw can be recomputed from'),
    asOfMs: TimeMs.describe('When the line was last looked at'),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'PublicRoom' });
export type PublicRoom = z.infer<typeof PublicRoom>;

export const getEventRoom = createRoute({
  method: 'get',
  path: '/api/v1/events/{eventId}/room',
  operationId: 'getEventRoom',
  summary: 'The room before joining: its state, its schedule, and the commitment of its draw',
  description:
    'May be kept for a second by anybody. In a draw the seed is told once the doors have opened: with it, bin/verify-draw recomputes the order.',
  request: { params: EventParams },
  responses: { 200: json(PublicRoom, 'The room'), ...refusals('eventUnknown') },
});
