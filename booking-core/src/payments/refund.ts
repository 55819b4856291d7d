import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { within } from '../service/within.ts';
import { selectPayments } from './payment.ts';
import type { Provider } from './provider.ts';

/**
 * Carries out the refunds that were decided and not done yet: of one payment or order, or of all, oldest first. Killed between the
 * two steps, the refund is asked for again under the same id, and the provider gives nothing back twice.
 * @param providerOf who took the money, and so gives it back
 * @param onFault told of a refund that failed; the next run tries again
 * @returns how many were done.
 */
export async function giveBack(
  db: Db,
  providerOf: (name: string) => Provider,
  onFault: (fault: unknown, refundId: string) => void,
  only: { readonly payment?: string; readonly order?: string } = {},
): Promise<number> {
  const due = await selectPayments(db)
    .innerJoin('refunds as r', 'r.payment', 'p.id')
    .select(['r.id as refundId', 'r.amount_minor as backMinor'])
    .where('r.done_at', 'is', null)
    .$if(only.payment !== undefined, (query) => query.where('p.id', '=', only.payment!))
    .$if(only.order !== undefined, (query) => query.where('p.order', '=', only.order!))
    .orderBy('r.created_at')
    .limit(limits.reconcileBatchMax)
    .execute();
  let done = 0;
  for (const { refundId, backMinor, ...payment } of due) {
    try {
      const given = providerOf(payment.provider).refund(payment, backMinor, refundId);
      await within(limits.providerTimeoutMs, given);
      await db.updateTable('refunds').set({ done_at: sql<Date>`now()` }).where('id', '=', refundId).execute();
      done += 1;
    } catch (fault) {
      onFault(fault, refundId);
    }
  }
  return done;
}
