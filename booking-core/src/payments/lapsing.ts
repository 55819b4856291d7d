import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Payment } from './ask.ts';
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
    const { rows } = await sql<Payment>`
      select p.id, p.amount_minor "amountMinor", p.method, p.state
      from payments p join orders o on o.id = p."order" join holds h on h.id = o.hold
      where p.state = 'asked' and p.id > ${after}
        and h.expires_at <= (select sale_clock()) + ${aheadMs} * interval '1 millisecond'
      order by p.id limit ${limits.reconcileBatchMax}`.execute(db);
    for (const payment of rows) await payments.cancel(payment);
    looked += rows.length;
    if (rows.length < limits.reconcileBatchMax) return looked;
    after = rows.at(-1)!.id;
  }
}
