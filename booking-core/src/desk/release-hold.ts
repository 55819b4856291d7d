import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';

/**
 * Ends a fan's hold for him: its tickets are free at once, as if he had given them back. One that is over stays as it is.
 * @returns its event
 * @throws Refusal holdUnknown, orderClosed when it is sold
 */
export async function releaseByHand(
  { db, retrying }: Database,
  holdId: string,
  { actor, requestId, why }: Actor & { why: string },
): Promise<string> {
  const { rows } = await retrying(() =>
    sql<{ outcome: 'unknown' | 'sold' | 'over' | 'released'; event: string }>`
      select * from release_hold_by_hand(${holdId}, ${actor}, ${why}, ${requestId ?? null})`.execute(db),
  );
  const { outcome, event } = rows[0]!;
  if (outcome === 'unknown') throw new Refusal('holdUnknown');
  if (outcome === 'sold') throw new Refusal('orderClosed', { detail: 'The hold is sold.' });
  return event;
}
