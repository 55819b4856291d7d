import { Refusal } from '@onsale/shared/errors';
import type { CheckedIn } from '@onsale/shared/http/check-ins';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { sql } from 'kysely';
import type { Database, Db } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';

/**
 * Lets the ticket of this code in, once, whoever else scans it at the same time.
 * @throws Refusal tokenInvalid, ticketNotValid, alreadyCheckedIn
 */
export async function checkIn(
  { db, retrying }: Database,
  ring: Keyring,
  code: string,
  { actor, requestId }: Actor,
): Promise<CheckedIn> {
  const { event, order, ticket } = verifyToken(ring, 'ticket', code, Date.now());
  const { rows } = await retrying(() =>
    sql<{ outcome: 'entered' | 'already' | 'invalid'; at: Date }>`
      select * from check_in(${event}, ${order}, ${ticket}, ${actor}, ${requestId ?? null})`.execute(db),
  );
  const { outcome, at } = rows[0]!;
  if (outcome === 'invalid') throw new Refusal('ticketNotValid');
  const checkedInAtMs = at.getTime();
  if (outcome === 'already') {
    throw new Refusal('alreadyCheckedIn', {
      detail: `Checked in at ${at.toISOString()}.`,
      checkedInAtMs,
    });
  }
  return { ...(await ticketOf(db, order, ticket)), eventId: event, orderId: order, checkedInAtMs };
}

async function ticketOf(db: Db, order: string, ticket: number) {
  return db
    .selectFrom('order_lines')
    .innerJoin('tickets', 'tickets.id', 'order_lines.ticket')
    .select([
      'tickets.id as ticketId',
      'tickets.tier as tierId',
      'section',
      'row',
      'seat',
      'order_lines.price_minor as priceMinor',
      'order_lines.fee_minor as feeMinor',
      'order_lines.tax_minor as taxMinor',
      'order_lines.total_minor as totalMinor',
    ])
    .where('order_lines.order', '=', order)
    .where('order_lines.ticket', '=', ticket)
    .executeTakeFirstOrThrow();
}
