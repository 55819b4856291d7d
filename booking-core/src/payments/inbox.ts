import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Payment } from './ask.ts';
import type { ChargeState, Delivery } from './provider.ts';

/** Writes an event down, once, however often it is delivered. @returns whether it is new */
export async function keepDelivery(db: Db, provider: string, event: Delivery): Promise<boolean> {
  const kept = await db
    .insertInto('webhook_events')
    .values({ provider, event: event.eventId, payment: event.chargeId, state: event.state })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  return kept.numInsertedOrUpdatedRows === 1n;
}

/** Settles one payment by what its provider told; what is settled already stays. */
export type Hear = (payment: Payment, told: ChargeState) => Promise<void>;

/**
 * Works the inbox off, oldest first. Dying in between leaves the event to the next who looks; hearing it again changes nothing.
 * @param onFault told of an event that could not be settled; it stays, and the next run tries again
 * @returns how many were settled
 */
export async function settleInbox(
  db: Db,
  hear: Hear,
  onFault: (fault: unknown, payment: string) => void,
  only?: { readonly provider: string; readonly event: string },
): Promise<number> {
  const events = await db
    .selectFrom('webhook_events as w')
    .leftJoin('payments as p', (join) =>
      join.onRef('p.id', '=', 'w.payment').onRef('p.provider', '=', 'w.provider'),
    )
    .select(['w.provider', 'w.event', 'w.payment', 'w.state as told'])
    .select(['p.id', 'p.amount_minor', 'p.method', 'p.state'])
    .where('w.settled_at', 'is', null)
    .$if(only !== undefined, (query) =>
      query.where('w.provider', '=', only!.provider).where('w.event', '=', only!.event),
    )
    .orderBy('w.received_at')
    .limit(limits.reconcileBatchMax)
    .execute();
  let settled = 0;
  for (const { provider, event, payment, told, id, amount_minor, method, state } of events) {
    try {
      // A charge that is no payment of ours is nothing to settle: the account may serve others too.
      if (id !== null && state === 'asked') {
        await hear({ id, amountMinor: amount_minor!, method: method!, state }, told);
      }
      await db
        .updateTable('webhook_events')
        .set({ settled_at: sql<Date>`now()` })
        .where('provider', '=', provider)
        .where('event', '=', event)
        .execute();
      settled += 1;
    } catch (fault) {
      onFault(fault, payment);
    }
  }
  return settled;
}
