import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId } from '../ids.ts';
import { Cost, Currency, EventParams, json, refusals, TimeMs } from './common.ts';

export const Venue = z
  .object({
    venueId: z.string(),
    name: z.string(),
    city: z.string(),
    region: z.string(),
    country: z.string(),
    timeZone: z.string().describe('IANA name; times of its events are shown in it'),
    capacity: z.int().positive(),
  })
  .meta({ id: 'Venue' });

export const Tier = z
  .object({
    tierId: TierId,
    name: z.string(),
    ...Cost.shape,
    taxIncluded: z.boolean().describe('Whether price and fee contain the tax'),
    capacity: z.int().nonnegative(),
    free: z.int().nonnegative().describe('Tickets that anyone can hold now'),
    accessibleFree: z
      .int()
      .nonnegative()
      .describe('Wheelchair spaces and companion seats that can be held now; not in `free`'),
    held: z.int().nonnegative().describe("Tickets in others' holds, which may come back"),
  })
  .meta({ id: 'Tier' });

export const Event = z
  .object({
    eventId: EventId,
    name: z.string(),
    venue: Venue,
    startsAtMs: TimeMs,
    currency: Currency,
    buyerLimit: z.int().positive().describe('Tickets one buyer may take'),
    holdTtlMs: z.int().positive(),
    cancelUntilMs: TimeMs.nullable().describe('Until when a buyer may give his order back; null: never'),
    admission: z.enum(['seated', 'general']).describe('Numbered seats, or general admission'),
    rehearsal: z.boolean().describe('Of a load test: not in the list, its payments go to the sandbox'),
    tiers: z.array(Tier),
    serverTimeMs: TimeMs,
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof Event>;

export const EventList = z.object({ events: z.array(Event) }).meta({ id: 'EventList' });

export const listEvents = createRoute({
  method: 'get',
  path: '/api/v1/events',
  operationId: 'listEvents',
  summary: 'What is on sale',
  responses: { 200: json(EventList, 'Events, soonest first'), ...refusals() },
});

export const getEvent = createRoute({
  method: 'get',
  path: '/api/v1/events/{eventId}',
  operationId: 'getEvent',
  summary: 'One event, its tiers and what is left of them',
  request: { params: EventParams },
  responses: { 200: json(Event, 'The event'), ...refusals('eventUnknown') },
});
