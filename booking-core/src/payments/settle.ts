import { uuidOf } from '@onsale/shared/ids';
import type { PaymentsTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

export type Settled = Exclude<PaymentsTable['state'], 'asked'>;

/**
 * Writes down what a captured payment bought: the tickets, or nothing because it came too late. Safe to repeat and to
 * call from several processes at once; the first decides.
 */
export async function settleCaptured({ db, retrying }: Database, paymentId: string): Promise<Settled> {
  const settle = async (alone: boolean): Promise<Settled | 'late'> => {
    const { rows } = await retrying(() =>
      sql<{ became: Settled | 'late' }>`
        select settle_payment(${paymentId}, ${alone}, ${refundIdOf(paymentId)}) became`.execute(db),
    );
    return rows[0]!.became;
  };
  const became = await settle(false);
  return became === 'late' ? ((await settle(true)) as Settled) : became;
}

/** A payment is given back at most once, so its refund needs no key of its own. */
const refundIdOf = (paymentId: string): string => uuidOf('refund', paymentId);

/** No money was taken, and none will be. The hold stays as it is: after a decline paying may be tried again until it runs out. */
export async function settleUntaken(
  { db }: Database,
  paymentId: string,
  became: 'declined' | 'cancelled',
): Promise<Settled> {
  await db
    .updateTable('payments')
    .set({ state: became, settled_at: sql<Date>`now()` })
    .where('id', '=', paymentId)
    .where('state', '=', 'asked')
    .execute();
  const { state } = await db
    .selectFrom('payments')
    .select('state')
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  return state as Settled;
}
