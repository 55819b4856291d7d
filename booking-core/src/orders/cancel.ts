import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Database, Tx } from '../db/database.ts';
import { refundOrder } from './refund.ts';

/**
 * A fan gives his whole order back, as long as the event allows it and none of its tickets let anybody in. Again changes
 * nothing.
 * @throws Refusal orderUnknown, orderNotPaid, cancellationClosed
 */
export async function cancelOrder(database: Database, orderId: string, requestId: string): Promise<void> {
  await database.transact('read committed', async (tx) => {
    await lockLines(tx, orderId);
    const { state, open } = await policyOf(tx, orderId);
    if (state === 'cancelled') return;
    if (!open) throw new Refusal('cancellationClosed');
    await refundOrder(
      tx,
      { orderId, key: 'buyer', why: 'cancelled by the buyer', became: 'cancelled' },
      { actor: 'buyer', requestId },
    );
  });
}

/**
 * Keeps check-ins of these tickets waiting, so that none slips in between the look and the refund. In the order of all
 * locks: event, hold, lines.
 */
async function lockLines(tx: Tx, orderId: string): Promise<void> {
  await sql`select lock_event(event) from orders where id = ${orderId}`.execute(tx);
  await sql`select from holds h join orders o on o.hold = h.id where o.id = ${orderId} for no key update of h`.execute(
    tx,
  );
  await sql`select from order_lines where "order" = ${orderId} and live for update`.execute(tx);
}

async function policyOf(tx: Tx, orderId: string): Promise<{ state: string; open: boolean }> {
  const { rows } = await sql<{ state: string; open: boolean }>`
    select o.state, coalesce(e.cancel_until > sale_clock(), false)
      and not exists (select from check_ins i where i."order" = o.id) open
    from orders o join events e on e.id = o.event where o.id = ${orderId}`.execute(tx);
  if (rows[0] === undefined) throw new Refusal('orderUnknown');
  return rows[0];
}
