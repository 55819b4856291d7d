import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { HoldFacts } from './view.ts';

/** Whose hold it is: of another buyer or event it is unknown, not forbidden, so ids tell nothing. */
export interface Owner {
  readonly event: string;
  readonly buyer: string;
}

/** @throws Refusal holdUnknown */
export async function readHold(db: Db, holdId: string, { event, buyer }: Owner): Promise<HoldFacts> {
  const row = await db
    .selectFrom('holds')
    .select(['id', 'tickets', 'expires_at', 'released', sql<Date>`sale_clock()`.as('now')])
    .where('id', '=', holdId)
    .where('event', '=', event)
    .where('buyer', '=', buyer)
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('holdUnknown');
  return {
    id: row.id,
    tickets: row.tickets,
    expiresAtMs: Number(row.expires_at),
    released: row.released,
    nowMs: row.now.getTime(),
  };
}
