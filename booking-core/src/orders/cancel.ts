import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Database, Db } from '../db/database.ts';
import { refundOrder } from './refund.ts';

/**
 * A fan gives his whole order back, as long as the event allows it and none of its tickets let anybody in. Again changes
 * nothing.
 * @throws Refusal orderUnknown, orderNotPaid, cancellationClosed
 */
export async function cancelOrder(database: Database, orderId: string, requestId: string): Promise<void> {
  const { state, open } = await policyOf(database.db, orderId);
  if (state === 'cancelled') return;
  if (!open) throw new Refusal('cancellationClosed');
  await refundOrder(
    database,
    { orderId, key: 'buyer', why: 'cancelled by the buyer', became: 'cancelled' },
    { actor: 'buyer', requestId },
  );
}

async function policyOf(db: Db, orderId: string): Promise<{ state: string; open: boolean }> {
  const { rows } = await sql<{ state: string; open: boolean }>`
    select o.state, coalesce(e.cancel_until > sale_clock(), false)
      and not exists (select from check_ins i where i."order" = o.id) open
    from orders o join events e on e.id = o.event where o.id = ${orderId}`.execute(db);
  if (rows[0] === undefined) throw new Refusal('orderUnknown');
  return rows[0];
}
