import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { EventId, TierId } from '../ids.ts';
import { limits } from '../limits.ts';
import { EventParams, json, refusals, TimeMs } from './common.ts';

/** Whom a seat is kept for: a wheelchair space, or the seat beside one for its companion. Null: nobody in particular. */
export const Access = z.enum(['wheelchair', 'companion']).nullable().meta({ id: 'Access' });
export type Access = z.infer<typeof Access>;

/** A part of the venue as its row in a list. `free` has no accessible seat in it. */
export const Section = z
  .object({
    section: z.string(),
    tierIds: z.array(TierId),
    rows: z.int().positive(),
    capacity: z.int().positive(),
    free: z.int().nonnegative().describe('Seats that anyone can hold now'),
    accessibleFree: z
      .int()
      .nonnegative()
      .describe('Wheelchair spaces and companion seats that can be held now'),
  })
  .meta({ id: 'Section' });
export type Section = z.infer<typeof Section>;

export const SectionList = z
  .object({ eventId: EventId, sections: z.array(Section), asOfMs: TimeMs })
  .meta({ id: 'SectionList' });
export type SectionList = z.infer<typeof SectionList>;

/** `held` may come back, `gone` is sold or off sale. */
export const Seat = z
  .object({
    ticketId: z.int().positive(),
    seat: z.int().positive(),
    tierId: TierId,
    access: Access,
    state: z.enum(['free', 'held', 'gone']),
  })
  .meta({ id: 'Seat' });
export type Seat = z.infer<typeof Seat>;

export const SectionSeats = z
  .object({
    eventId: EventId,
    section: z.string(),
    rows: z.array(z.object({ row: z.string(), seats: z.array(Seat) })),
    asOfMs: TimeMs,
  })
  .meta({ id: 'SectionSeats' });
export type SectionSeats = z.infer<typeof SectionSeats>;

export const SectionParams = EventParams.extend({
  section: z.string().min(1).max(limits.sectionMaxChars).describe('Its name, URL-encoded'),
});

export const listSections = createRoute({
  method: 'get',
  path: '/api/v1/events/{eventId}/sections',
  operationId: 'listSections',
  summary: 'The sections of a seated event, and what is left in each',
  description:
    'General admission has none. At most a second or two old: what is free is known when it is held.',
  request: { params: EventParams },
  responses: { 200: json(SectionList, 'Sections, closest to the stage first'), ...refusals('eventUnknown') },
});

export const getSection = createRoute({
  method: 'get',
  path: '/api/v1/events/{eventId}/sections/{section}',
  operationId: 'getSection',
  summary: 'Every seat of one section',
  request: { params: SectionParams },
  responses: {
    200: json(SectionSeats, 'Rows, closest to the stage first, and their seats from one aisle to the other'),
    ...refusals('eventUnknown', 'sectionUnknown'),
  },
});
