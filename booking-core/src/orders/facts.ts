import { Refusal } from '@onsale/shared/errors';
import type { EventsTable, HoldsTable, OrdersTable } from '@onsale/shared/tables';
import { type Selectable, sql } from 'kysely';
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

/** order_facts of migrations/0025_lean_purchases.sql. */
export type OrderFactsRow = Pick<
  Selectable<OrdersTable>,
  | 'id'
  | 'event'
  | 'hold'
  | 'state'
  | 'face_minor'
  | 'fees_minor'
  | 'tax_minor'
  | 'total_minor'
  | 'currency'
  | 'print'
  | 'device'
> &
  Pick<Selectable<HoldsTable>, 'tickets' | 'expires_at'> &
  Pick<Selectable<EventsTable>, 'cancel_until'> & { refunded_minor: number; paying: boolean; now: Date };

async function findOrder(db: Db, orderId: string): Promise<OrderFacts | undefined> {
  const { rows } = await sql<OrderFactsRow>`select * from find_order(${orderId})`.execute(db);
  return rows.map(factsOf)[0];
}

export function factsOf(row: OrderFactsRow): OrderFacts {
  return {
    id: row.id,
    event: row.event,
    hold: row.hold,
    state: row.state,
    faceMinor: row.face_minor,
    feesMinor: row.fees_minor,
    taxMinor: row.tax_minor,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    currency: row.currency,
    print: row.print,
    device: row.device,
    tickets: row.tickets,
    expiresAtMs: Number(row.expires_at),
    paying: row.paying,
    cancelUntilMs: row.cancel_until === null ? null : row.cancel_until.getTime(),
    nowMs: row.now.getTime(),
  };
}
