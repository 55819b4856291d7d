import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  EventParams,
  IdempotencyKey,
  json,
  operators,
  refusals,
  WriteHeaders,
} from './common.ts';
import { Actor } from './internal.ts';
import { ticketChoice } from './operator-stock.ts';
import { OrderRequest } from './orders.ts';
import { Why } from './refunds.ts';

/** Tickets that an operator gives away: an order of total 0 that is paid at once. */
export const CompRequest = z
  .strictObject({
    tickets: ticketChoice(limits.compMaxTickets),
    name: OrderRequest.shape.name,
    email: OrderRequest.shape.email,
    why: Why,
  })
  .meta({ id: 'CompRequest' });
export type CompRequest = z.infer<typeof CompRequest>;

export const Comp = z
  .object({ orderId: Uuid, eventId: EventId, ticketIds: z.array(z.int().positive()) })
  .meta({ id: 'Comp' });
export type Comp = z.infer<typeof Comp>;

const refused = [
  'tokenMissing',
  'tokenInvalid',
  'eventUnknown',
  'eventCancelled',
  'tierUnknown',
  'notEnough',
  'idempotencyMismatch',
] as const;

export const createComp = createRoute({
  method: 'post',
  path: '/api/v1/operator/events/{eventId}/comps',
  operationId: 'createComp',
  summary: 'Give free tickets away: all that are asked for, or none',
  description:
    'They are sold at no price and mailed like bought ones. No buyer limit. `notEnough` says in `detail` how many are free. A refund of the order takes them back.',
  security: operators('desk'),
  request: { params: EventParams, headers: WriteHeaders, body: body(CompRequest) },
  responses: {
    201: json(Comp, 'Given'),
    ...refusals(
      ...refused,
      'tokenExpired',
      'forbidden',
      'idempotencyKeyMissing',
      'mediaType',
      'bodyTooLarge',
    ),
  },
});

/** `key`: the operator's Idempotency-Key, scoped to him. */
export const internalCreateComp = createRoute({
  method: 'post',
  path: '/internal/events/{eventId}/comps',
  operationId: 'internalCreateComp',
  summary: 'Give tickets away: an order of nothing, paid; safe to repeat under one key',
  security: bearer('service'),
  request: { params: EventParams, body: body(Actor.extend({ key: IdempotencyKey, comp: CompRequest })) },
  responses: { 201: json(Comp, 'Given'), ...refusals(...refused) },
});
