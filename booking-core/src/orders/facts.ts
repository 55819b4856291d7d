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
  readonly totalMinor: number;
  readonly currency: string;
  readonly print: Buffer;
  readonly tickets: readonly number[];
  /** Of the hold; Infinity when it is sold. */
  readonly expiresAtMs: number;
  /** A payment has been asked for and its answer is not written down. */
  readonly paying: boolean;
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
    .select((is) => [
      'orders.id',
      'orders.event',
      'orders.hold',
      'orders.state',
      'orders.total_minor',
      'orders.currency',
      'orders.print',
      'holds.tickets',
      'holds.expires_at',
      is
        .exists(
          is
            .selectFrom('payments')
            .select('payments.id')
            .whereRef('payments.order', '=', 'orders.id')
            .where('payments.state', '=', 'asked'),
        )
        .as('paying'),
      sql<Date>`sale_clock()`.as('now'),
    ])
    .where('orders.id', '=', orderId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { total_minor, expires_at, now, paying, ...order } = row;
  return {
    ...order,
    totalMinor: total_minor,
    expiresAtMs: Number(expires_at),
    paying: Boolean(paying),
    nowMs: now.getTime(),
  };
}
