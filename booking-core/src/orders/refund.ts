import { Refusal } from '@onsale/shared/errors';
import type { RefundedOrder, RefundRequest } from '@onsale/shared/http/refunds';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Database, Db, Tx } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';
import { readOrder } from './facts.ts';

export interface Refund extends RefundRequest {
  readonly orderId: string;
  /** One refund of this order per key. */
  readonly key: string;
  /** State of the order when none of its tickets is left. */
  readonly became: 'refunded' | 'cancelled';
}

/**
 * Takes tickets of a paid order back, puts them on sale again, and writes down the money that goes back: one statement.
 * To be run again on a serialization failure.
 * The provider is asked afterwards, by whoever carries out refunds; dying here loses none.
 * @throws Refusal orderUnknown, orderNotPaid, ticketUnknown, idempotencyMismatch
 */
export async function refundOrder(
  db: Db | Tx,
  { orderId, key, tickets, why, became }: Refund,
  { actor, requestId }: Actor,
): Promise<void> {
  const wanted = tickets === undefined ? null : [...tickets].sort((a, b) => a - b);
  const print = printOf({ tickets: wanted?.join() ?? 'all', why, became });
  const { rows } = await sql<{
    outcome: 'unknown' | 'already' | 'mismatch' | 'closed' | 'ticketUnknown' | 'refunded';
  }>`
    select refund_order(${orderId}, ${wanted}::int[], ${uuidOf('refund', orderId, key)}, ${print}, ${became},
      ${actor}, ${why}, ${requestId ?? null}) outcome`.execute(db);
  const { outcome } = rows[0]!;
  if (outcome === 'unknown') throw new Refusal('orderUnknown');
  if (outcome === 'mismatch') throw new Refusal('idempotencyMismatch');
  if (outcome === 'closed') throw new Refusal('orderNotPaid');
  if (outcome === 'ticketUnknown') throw new Refusal('ticketUnknown');
}

/** What has been given back of an order, as the operator sees it. @throws Refusal orderUnknown */
export async function readRefunded({ db }: Database, orderId: string): Promise<RefundedOrder> {
  const { state, currency, totalMinor, refundedMinor } = await readOrder(db, orderId);
  return { orderId, state, currency, totalMinor, refundedMinor };
}
