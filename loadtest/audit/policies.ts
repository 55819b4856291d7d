import type { Reader } from './sale.ts';

/** What bounded a room's admissions from a time on. */
export interface Policy {
  readonly fromMs: number;
  readonly ratePerMinute: number;
  readonly capacity: number;
}

interface Recorded {
  readonly ratePerMinute: number;
  readonly capacity: number;
}

/**
 * Every policy a room had, the first one since ever, in order of time: from the audit of its changes, and its row.
 * Empty when the event has no room.
 */
export async function policiesOf(db: Reader, event: string): Promise<Policy[]> {
  const room = await db
    .selectFrom('rooms')
    .where('event', '=', event)
    .select(['rate_per_minute', 'capacity'])
    .executeTakeFirst();
  if (room === undefined) return [];
  const changes = await db
    .selectFrom('audit')
    .where('action', '=', 'room.changed')
    .where('subject', '=', event)
    .orderBy('id')
    .select(['at', 'was', 'became'])
    .execute();
  const now = { ratePerMinute: room.rate_per_minute, capacity: room.capacity };
  const first = (changes[0]?.was as Recorded | undefined) ?? now;
  return [
    { fromMs: Number.NEGATIVE_INFINITY, ...picked(first) },
    ...changes.map(({ at, became }) => ({ fromMs: at.getTime(), ...picked(became as Recorded) })),
  ];
}

const picked = ({ ratePerMinute, capacity }: Recorded): Recorded => ({ ratePerMinute, capacity });
