import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const refundedOrders: Invariant = {
  id: 'refunded-orders',
  rule: 'PAY-5',
  promise:
    'A refunded or cancelled order has a returned payment with its refund, and a paid order exactly one kept payment, less what was given back',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select * from (
        select o.event, o.id as "order", o.state,
          (select count(*)::int from payments p where p."order" = o.id and p.state = 'kept') as kept,
          (select count(*)::int from payments p where p."order" = o.id and p.state = 'returned') as returned,
          (select count(*)::int from payments p
            where p."order" = o.id and p.state = 'returned'
              and p.amount_minor <> (select coalesce(sum(r.amount_minor), 0) from refunds r where r.payment = p.id)
          ) as "returned without refund",
          (select coalesce(sum(r.amount_minor), 0)::int from refunds r join payments p on p.id = r.payment
            where p."order" = o.id and p.state = 'kept') as refunds,
          (select coalesce(sum(l.total_minor), 0)::int from order_lines l
            where l."order" = o.id and not l.live) as "given back"
        from orders o join holds h on h.id = o.hold
        where o.event = any(${events}) and h.turn > 0
      ) as counted
      where "returned without refund" > 0
        or (state in ('paid', 'partlyRefunded')) <> (kept = 1) or kept > 1
        or (state in ('refunded', 'cancelled') and returned = 0)
        or (state = 'paid' and refunds > 0)
        or (state = 'partlyRefunded' and (refunds <> "given back" or "given back" = 0))`.execute(db);
    return rows;
  },
};
