import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type Payment, selectPayments } from './payment.ts';
import type { ChargeState, Delivery } from './provider.ts';

/**
 * Writes an event down, once, however often it is delivered. One of a charge that the provider does not name as ours, and
 * whose own id we have not written down, is not ours: the account may serve others too.
 * @returns the payment it is about, or undefined when it is old news or none of ours
 */
export async function keepDelivery(db: Db, provider: string, event: Delivery): Promise<string | undefined> {
  const payment = event.chargeId ?? (await paymentOf(db, provider, event.reference));
  if (payment === undefined) return undefined;
  const kept = await db
    .insertInto('webhook_events')
    .values({ provider, event: event.eventId, payment, state: event.state })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  return kept.numInsertedOrUpdatedRows === 1n ? payment : undefined;
}

async function paymentOf(db: Db, provider: string, reference: string | null): Promise<string | undefined> {
  if (reference === null) return undefined;
  const found = await db
    .selectFrom('payments')
    .select('id')
    .where('provider', '=', provider)
    .where('reference', '=', reference)
    .executeTakeFirst();
  return found?.id;
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
    .selectFrom('webhook_events')
    .select(['provider', 'event', 'payment', 'state as told'])
    .where('settled_at', 'is', null)
    .$if(only !== undefined, (query) =>
      query.where('provider', '=', only!.provider).where('event', '=', only!.event),
    )
    .orderBy('received_at')
    .limit(limits.reconcileBatchMax)
    .execute();
  let settled = 0;
  for (const { provider, event, payment, told } of events) {
    try {
      const about = await selectPayments(db)
        .where('p.id', '=', payment)
        .where('p.provider', '=', provider)
        .executeTakeFirst();
      // A charge that is no payment of ours is nothing to settle: the account may serve others too.
      if (about?.state === 'asked' && told !== 'other') await hear(about, told);
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
