import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Owner } from './read.ts';

/**
 * Gives the tickets back at once. A hold that is over already stays as it is.
 * @throws Refusal holdUnknown, orderClosed when it is sold
 */
export async function releaseHold(
  { db, retrying }: Database,
  holdId: string,
  { event, buyer }: Owner,
): Promise<void> {
  const { rows } = await retrying(() =>
    sql<{ outcome: 'unknown' | 'sold' | 'over' | 'released' }>`
      select release_hold(${holdId}, ${event}, ${buyer}) outcome`.execute(db),
  );
  const { outcome } = rows[0]!;
  if (outcome === 'unknown') throw new Refusal('holdUnknown');
  if (outcome === 'sold') throw new Refusal('orderClosed', { detail: 'The hold is sold.' });
}
