import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type Payment, selectPayments } from './payment.ts';
import type { Payments } from './payments.ts';

/**
 * Settles what was left half done: webhooks taken and not settled, payments whose answer was lost, refunds not carried out. Safe to run twice at once.
 * Old enough is judged by the real clock, since it is about calls in flight and not about holds.
 * @param olderThanMs how long a payment must have been asked for: longer than a call in flight may take
 * @returns how many payments were looked at and refunds done.
 */
export async function reconcile(
  db: Db,
  payments: Payments,
  olderThanMs: number = limits.reconcileAfterMs,
): Promise<{ looked: number; refunded: number }> {
  await payments.settleInbox();
  let looked = 0;
  // By id and not by age: a provider that keeps many pending must not hide the others behind them.
  for (let after = ''; ; ) {
    const lost = await lostPayments(db, after, olderThanMs);
    for (const payment of lost) await payments.recover(payment);
    looked += lost.length;
    if (lost.length < limits.reconcileBatchMax) break;
    after = lost.at(-1)!.id;
  }
  return { looked, refunded: await payments.refund() };
}

function lostPayments(db: Db, after: string, olderThanMs: number): Promise<Payment[]> {
  return selectPayments(db)
    .where('p.state', '=', 'asked')
    .where('p.created_at', '<', sql<Date>`now() - ${olderThanMs} * interval '1 millisecond'`)
    .$if(after !== '', (query) => query.where('p.id', '>', after))
    .orderBy('p.id')
    .limit(limits.reconcileBatchMax)
    .execute();
}
