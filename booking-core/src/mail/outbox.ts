import { limits } from '@onsale/shared/limits';
import type { MailsTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** A mail that a worker has taken to send it now. */
export interface Mail {
  readonly id: string;
  readonly kind: MailsTable['kind'];
  readonly recipient: string;
  /** Null: order links. */
  readonly order: string | null;
  readonly facts: unknown;
  /** This one counted. */
  readonly attempts: number;
}

/**
 * Takes mails that are due, oldest first, limits.mailBatchMax at most. They are due again after a pause that doubles with every
 * attempt and is longer than sending a batch can take: so no other worker sends them meanwhile, nothing is locked while a mail
 * server is talked to, and if this process dies they are taken again.
 */
export async function takeDue(db: Db): Promise<readonly Mail[]> {
  const { rows } = await sql<Mail>`
    with clock as materialized (select sale_clock() at),
    due as materialized (
      select id from mails where state = 'waiting' and next_at <= (select at from clock) order by next_at
      limit ${limits.mailBatchMax} for update skip locked
    )
    update mails m set attempts = m.attempts + 1, next_at = clock.at + interval '1 millisecond'
      * least(${limits.mailRetryMs} * 2 ^ m.attempts, ${limits.mailRetryMaxMs})
    from due, clock where m.id = due.id
    returning m.id, m.kind, m.recipient, m."order", m.facts, m.attempts`.execute(db);
  return rows;
}

/** Mails whose last attempt was never reported, because its worker died: nobody tries them again. @returns how many */
export async function giveUpSpent(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    update mails set state = 'givenUp', settled_at = now(), last_error = coalesce(last_error, 'died')
    where state = 'waiting' and attempts >= ${limits.mailAttemptsMax} and next_at <= (select sale_clock())`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

export async function settleMail(db: Db, id: string, state: 'sent' | 'kept' | 'empty'): Promise<void> {
  await db
    .updateTable('mails')
    .set({ state, settled_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Writes down why it failed; it is tried again unless `final`. @param error a code, never words of a mail server */
export async function noteFailure(db: Db, id: string, error: string, final: boolean): Promise<void> {
  await db
    .updateTable('mails')
    .set({ last_error: error, ...(final ? { state: 'givenUp', settled_at: sql<Date>`now()` } : {}) })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Removes requests for order links that are long settled: nothing else of ours keeps an address without an order. */
export async function forgetLinks(db: Db, olderThanMs: number = limits.tidyAfterMs): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from mails where kind = 'orderLinks' and state <> 'waiting'
      and created_at < (select sale_clock()) - ${olderThanMs} * interval '1 millisecond'`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** How many wait, and how long the oldest of them has. */
export async function countWaiting(db: Db): Promise<{ waiting: number; oldestAgeS: number }> {
  const { rows } = await sql<{ waiting: number; age: number }>`
    select count(*)::int waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float age
    from mails where state = 'waiting'`.execute(db);
  return { waiting: rows[0]!.waiting, oldestAgeS: rows[0]!.age };
}
