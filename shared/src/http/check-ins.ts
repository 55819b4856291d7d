import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import { bearer, body, IdempotentHeaders, json, operators, refusals, TimeMs } from './common.ts';
import { Ticket } from './holds.ts';
import { Actor } from './internal.ts';

export const CheckInRequest = z
  .object({
    code: z.string().min(1).max(limits.tokenMaxChars).describe("Text of the ticket's QR code"),
    eventId: EventId.optional().describe('Of this door: a ticket of another event is `tokenInvalid`'),
  })
  .meta({ id: 'CheckInRequest' });

export const CheckedIn = Ticket.extend({ eventId: EventId, orderId: Uuid, checkedInAtMs: TimeMs }).meta({
  id: 'CheckedIn',
});
export type CheckedIn = z.infer<typeof CheckedIn>;

const refused = ['tokenMissing', 'tokenInvalid', 'alreadyCheckedIn', 'ticketNotValid'] as const;

export const createCheckIn = createRoute({
  method: 'post',
  path: '/api/v1/operator/check-ins',
  operationId: 'createCheckIn',
  summary: 'Let a ticket in, once',
  description:
    '`tokenInvalid` is also the answer to a code that is no ticket of ours; `alreadyCheckedIn` says when in `checkedInAtMs`.',
  security: operators('desk'),
  request: { headers: IdempotentHeaders, body: body(CheckInRequest) },
  responses: {
    200: json(CheckedIn, 'The ticket: it was let in by this call'),
    ...refusals(...refused, 'tokenExpired', 'forbidden', 'mediaType', 'bodyTooLarge'),
  },
});

export const internalCheckIn = createRoute({
  method: 'post',
  path: '/internal/check-ins',
  operationId: 'internalCheckIn',
  summary: 'Let a ticket in, once',
  security: bearer('service'),
  request: { body: body(Actor.extend({ code: CheckInRequest.shape.code })) },
  responses: { 200: json(CheckedIn, 'The ticket'), ...refusals(...refused) },
});
