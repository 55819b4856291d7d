import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { selectPayments } from './payment.ts';
import type { Payments } from './payments.ts';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Cancels, at the provider, unanswered payments of holds that are about to lapse or have lapsed: a hold is not lost to
 * others while its money may still come. Judged by the clock of the holds. Safe to run twice at once.
 * @returns how many payments were looked at
 */
export async function cancelLapsing(
  db: Db,
  payments: Pick<Payments, 'cancel'>,
  aheadMs: number = limits.lapseAheadMs,
): Promise<number> {
  let looked = 0;
  // By id: what cannot be cancelled any more stays asked for a while, and must not hide the others behind it.
  for (let after = BEFORE_ALL; ; ) {
    const rows = await selectPayments(db)
      .innerJoin('holds as h', 'h.id', 'o.hold')
      .where('p.state', '=', 'asked')
      .where('p.id', '>', after)
      .where(sql<boolean>`h.expires_at <= (select sale_clock()) + ${aheadMs} * interval '1 millisecond'`)
      .orderBy('p.id')
      .limit(limits.reconcileBatchMax)
      .execute();
    for (const payment of rows) await payments.cancel(payment);
    looked += rows.length;
    if (rows.length < limits.reconcileBatchMax) return looked;
    after = rows.at(-1)!.id;
  }
}
