import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Database } from '../db/database.ts';
import type { Payments } from '../payments/payments.ts';
import { refundOrder } from './refund.ts';

/**
 * Refunds paid orders of cancelled events, limits.reconcileBatchMax at most; called again until none is left. Killed
 * anywhere, the next run goes on; run twice at once, each order is refunded once.
 * @returns how many were refunded now
 */
export async function refundCancelled(
  database: Database,
  payments: Pick<Payments, 'refund'>,
): Promise<number> {
  const orders = await database.db
    .selectFrom('orders')
    .innerJoin('events', 'events.id', 'orders.event')
    .select('orders.id')
    .where('events.cancelled_at', 'is not', null)
    .where('orders.state', 'in', ['paid', 'partlyRefunded'])
    .orderBy('orders.id')
    .limit(limits.reconcileBatchMax)
    .execute();
  let refunded = 0;
  for (const { id } of orders) {
    try {
      await database.retrying(() =>
        refundOrder(
          database.db,
          { orderId: id, key: 'event', why: 'the event was cancelled', became: 'cancelled' },
          { actor: 'system' },
        ),
      );
      refunded += 1;
    } catch (fault) {
      // Another worker, or the fan, was faster.
      if (!(fault instanceof Refusal && fault.code === 'orderNotPaid')) throw fault;
    }
  }
  if (refunded > 0) await payments.refund();
  return refunded;
}
