import type { FoundOrder } from '@onsale/shared/http/operator-orders';
import type { OrdersTable } from '@onsale/shared/tables';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../db/database.ts';
import { stateOf } from '../orders/view.ts';

/** An order with its hold: what the desk sees of it at a glance. */
export interface OrderRow {
  readonly id: string;
  readonly event: string;
  readonly hold: string;
  readonly state: OrdersTable['state'];
  readonly comp: boolean;
  readonly buyer_name: string;
  readonly buyer_email: string;
  readonly quantity: number;
  readonly face_minor: number;
  readonly fees_minor: number;
  readonly tax_minor: number;
  readonly total_minor: number;
  readonly refunded_minor: number;
  readonly currency: string;
  readonly created_at: Date;
  readonly settled_at: Date | null;
  readonly expires_at: Date | number;
  readonly paying: boolean;
  readonly now: Date;
}

/** @param which condition on orders `o`; @param rest ordering and bound */
export async function orderRows(
  db: Db | Tx,
  which: RawBuilder<unknown>,
  rest: RawBuilder<unknown> = sql``,
): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    with clock as materialized (select sale_clock() now)
    select o.*, h.turn = 0 comp, h.expires_at, clock.now,
      case when o.state in ('refunded', 'cancelled') then 0 else h.quantity end quantity,
      exists (select from payments p where p."order" = o.id and p.state = 'asked') paying, (
        select coalesce(sum(r.amount_minor), 0)::int from refunds r join payments p on p.id = r.payment
        where p."order" = o.id
      ) refunded_minor
    from orders o join holds h on h.id = o.hold, clock
    where ${which} ${rest}`.execute(db);
  return rows;
}

export const foundOrderOf = (row: OrderRow): FoundOrder => ({
  orderId: row.id,
  eventId: row.event,
  state: stateOf({
    state: row.state,
    paying: row.paying,
    expiresAtMs: Number(row.expires_at),
    nowMs: row.now.getTime(),
  }),
  comp: row.comp,
  name: row.buyer_name,
  email: row.buyer_email,
  quantity: row.quantity,
  totalMinor: row.total_minor,
  currency: row.currency,
  createdAtMs: row.created_at.getTime(),
});
