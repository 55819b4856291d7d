import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Payment } from './ask.ts';
import type { Payments } from './payments.ts';

/**
 * Cancels, at the provider, unanswered payments of holds that are about to lapse or have lapsed, the first to lapse first:
 * a hold is not lost to others while its money may still come. Judged by the clock of the holds. Safe to run twice at once.
 * @returns how many payments were looked at, limits.reconcileBatchMax at most
 */
export async function cancelLapsing(
  db: Db,
  payments: Pick<Payments, 'cancel'>,
  aheadMs: number = limits.lapseAheadMs,
): Promise<number> {
  const { rows } = await sql<Payment>`
    select p.id, p.amount_minor "amountMinor", p.method, p.state
    from payments p join orders o on o.id = p."order" join holds h on h.id = o.hold
    where p.state = 'asked'
      and h.expires_at <= (select sale_clock()) + ${aheadMs} * interval '1 millisecond'
    order by h.expires_at, p.id limit ${limits.reconcileBatchMax}`.execute(db);
  for (const payment of rows) await payments.cancel(payment);
  return rows.length;
}
