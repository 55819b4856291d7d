import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const buyerLimit: Invariant = {
  id: 'buyer-limit',
  rule: 'BOOK-5',
  promise: 'No buyer has more tickets, held and sold, than the event allows',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with taken as (
        select h.event, h.buyer, sum(h.quantity)::int as tickets, 'live holds' as counted
        from holds h
        where h.event = any(${events}) and h.turn > 0 and not h.released and h.expires_at > sale_clock()
        group by h.event, h.buyer
        union all
        select o.event, o.buyer, count(*)::int, 'live order lines'
        from order_lines l join orders o on o.id = l."order" join holds h on h.id = o.hold
        where o.event = any(${events}) and h.turn > 0 and l.live
        group by o.event, o.buyer
      )
      select t.event, t.buyer, t.counted, t.tickets, e.buyer_limit
      from taken t join events e on e.id = t.event
      where t.tickets > e.buyer_limit`.execute(db);
    return rows;
  },
};
