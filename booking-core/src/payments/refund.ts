import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { within } from '../service/within.ts';
import type { Provider } from './provider.ts';

/**
 * Carries out the refunds that were decided and not done yet: of one payment or order, or of all, oldest first. Killed between the
 * two steps, the refund is asked for again under the same id, and the provider gives nothing back twice.
 * @param onFault told of a refund that failed; the next run tries again
 * @returns how many were done.
 */
export async function giveBack(
  db: Db,
  provider: Provider,
  onFault: (fault: unknown, refundId: string) => void,
  only: { readonly payment?: string; readonly order?: string } = {},
): Promise<number> {
  const due = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment')
    .select(['refunds.id', 'refunds.payment', 'refunds.amount_minor'])
    .where('done_at', 'is', null)
    .$if(only.payment !== undefined, (query) => query.where('refunds.payment', '=', only.payment!))
    .$if(only.order !== undefined, (query) => query.where('payments.order', '=', only.order!))
    .orderBy('refunds.created_at')
    .limit(limits.reconcileBatchMax)
    .execute();
  let done = 0;
  for (const { id, payment, amount_minor } of due) {
    try {
      await within(limits.providerTimeoutMs, provider.refund(payment, amount_minor, id));
      await db.updateTable('refunds').set({ done_at: sql<Date>`now()` }).where('id', '=', id).execute();
      done += 1;
    } catch (fault) {
      onFault(fault, id);
    }
  }
  return done;
}
