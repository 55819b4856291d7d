import { Refusal } from '@onsale/shared/errors';
import { uuidOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Owner } from './read.ts';

type Outcome = 'extended' | 'replay' | 'mismatch' | 'unknown' | 'sold' | 'over' | 'spent';

/**
 * Gives a live hold more time, once a turn; the same key again changes nothing.
 * @throws Refusal holdUnknown, orderClosed, holdExpired, extensionSpent, idempotencyMismatch
 */
export async function extendHold(
  { db, retrying }: Database,
  holdId: string,
  { event, buyer }: Owner,
  key: string,
): Promise<void> {
  const id = uuidOf('extension', event, buyer, key);
  const { rows } = await retrying(() =>
    sql<{ outcome: Outcome }>`select extend_hold(${holdId}, ${event}, ${buyer}, ${id},
      ${limits.holdExtensionMaxMs}, ${limits.holdLifetimeMaxMs}) outcome`.execute(db),
  );
  switch (rows[0]!.outcome) {
    case 'unknown':
      throw new Refusal('holdUnknown');
    case 'mismatch':
      throw new Refusal('idempotencyMismatch');
    case 'sold':
      throw new Refusal('orderClosed', { detail: 'The hold is sold.' });
    case 'over':
      throw new Refusal('holdExpired');
    case 'spent':
      throw new Refusal('extensionSpent');
  }
}
