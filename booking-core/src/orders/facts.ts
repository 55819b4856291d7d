import { Refusal } from '@onsale/shared/errors';
import type { OrdersTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** An order and the hold it stands on, read in one statement. Times are the database's. */
export interface OrderFacts {
  readonly id: string;
  readonly event: string;
  readonly hold: string;
  readonly state: OrdersTable['state'];
  readonly faceMinor: number;
  readonly feesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  /** Decided so far, carried out or not. */
  readonly refundedMinor: number;
  readonly currency: string;
  readonly print: Buffer;
  /** That ordered; null: from before there were any, or an operator's gift. */
  readonly device: string | null;
  readonly tickets: readonly number[];
  /** Of the hold; Infinity when it is sold. */
  readonly expiresAtMs: number;
  /** A payment has been asked for and its answer is not written down. */
  readonly paying: boolean;
  /** Of the event: until when a buyer may give an order back; null: never. */
  readonly cancelUntilMs: number | null;
  readonly nowMs: number;
}

/** @throws Refusal orderUnknown */
export async function readOrder(db: Db, orderId: string): Promise<OrderFacts> {
  const order = await findOrder(db, orderId);
  if (order === undefined) throw new Refusal('orderUnknown');
  return order;
}

export async function findOrder(db: Db, orderId: string): Promise<OrderFacts | undefined> {
  const row = await db
    .selectFrom('orders')
    .innerJoin('holds', 'holds.id', 'orders.hold')
    .innerJoin('events', 'events.id', 'orders.event')
    .select((is) => [
      'orders.id',
      'orders.event',
      'orders.hold',
      'orders.state',
      'orders.face_minor as faceMinor',
      'orders.fees_minor as feesMinor',
      'orders.tax_minor as taxMinor',
      'orders.total_minor as totalMinor',
      'orders.currency',
      'orders.print',
      'orders.device',
      'holds.tickets',
      'holds.expires_at',
      'events.cancel_until',
      is
        .exists(
          is
            .selectFrom('payments')
            .select('payments.id')
            .whereRef('payments.order', '=', 'orders.id')
            .where('payments.state', '=', 'asked'),
        )
        .as('paying'),
      is
        .selectFrom('refunds')
        .innerJoin('payments as of', 'of.id', 'refunds.payment')
        .select(({ fn }) => fn.sum<string>('refunds.amount_minor').as('sum'))
        .whereRef('of.order', '=', 'orders.id')
        .as('refunded'),
      sql<Date>`sale_clock()`.as('now'),
    ])
    .where('orders.id', '=', orderId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { expires_at, cancel_until, now, paying, refunded, ...order } = row;
  return {
    ...order,
    refundedMinor: Number(refunded ?? 0),
    expiresAtMs: Number(expires_at),
    paying: Boolean(paying),
    cancelUntilMs: cancel_until === null ? null : cancel_until.getTime(),
    nowMs: now.getTime(),
  };
}
