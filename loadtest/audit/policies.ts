import type { Reader } from './sale.ts';

/** What bounded a room's admissions from a time on. */
export interface Policy {
  readonly fromMs: number;
  readonly ratePerMinute: number;
  readonly capacity: number;
}

type Bounds = Omit<Policy, 'fromMs'>;

/**
 * Every policy a room had, the first one since ever, in order of time. The room's row is the last; the audit, which keeps
 * of each change only what it changed, leads back to the first. Empty when the event has no room.
 */
export async function policiesOf(db: Reader, event: string): Promise<Policy[]> {
  const now = await db
    .selectFrom('rooms')
    .where('event', '=', event)
    .select(['rate_per_minute as ratePerMinute', 'capacity'])
    .executeTakeFirst();
  if (now === undefined) return [];
  const changes = await db
    .selectFrom('audit')
    .where('action', '=', 'room.changed')
    .where('subject', '=', event)
    .orderBy('id', 'desc')
    .select(['at', 'was'])
    .execute();
  const policies: Policy[] = [];
  let bounds: Bounds = now;
  for (const { at, was } of changes) {
    policies.unshift({ fromMs: at.getTime(), ...bounds });
    bounds = before(bounds, was as Partial<Bounds>);
  }
  return [{ fromMs: Number.NEGATIVE_INFINITY, ...bounds }, ...policies];
}

const before = (bounds: Bounds, was: Partial<Bounds>): Bounds => ({
  ratePerMinute: was.ratePerMinute ?? bounds.ratePerMinute,
  capacity: was.capacity ?? bounds.capacity,
});
