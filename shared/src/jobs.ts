import { z } from 'zod';
import { EventId } from './ids.ts';

/** BullMQ delivers at least once: every job here is safe to repeat, to run twice at once, and to be lost. */
export const queues = {
  /** `tick`: one look at one room. Made by one scheduler per room, and at once by a join that finds a free slot. */
  admission: 'admission',
  /** The booking core's chores. */
  chores: 'chores',
} as const;

export const TickJob = z.object({ event: EventId, cause: z.enum(['schedule', 'join', 'slot']) });
export type TickJob = z.infer<typeof TickJob>;

/** Job names of queue `chores`; they carry no data: what is to be done is read from Postgres. */
export const chores = ['reconcile', 'lapse', 'cancel', 'sandbox', 'mail', 'tidy'] as const;
export type Chore = (typeof chores)[number];

/** Id of the scheduler of a room's ticks. */
export const tickSchedulerId = (eventId: string): string => `tick:${eventId}`;
