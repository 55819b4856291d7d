import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const ordersHaveTheirLines: Invariant = {
  id: 'orders-have-their-lines',
  rule: 'PAY-7',
  promise:
    'A paid order has the tickets of its hold at the price it says, less what was given back; no other order has any',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with counted as (
        select o.id, o.event, o.state, o.total_minor, h.expires_at, h.quantity,
          count(l.ticket)::int as lines,
          coalesce(sum(l.total_minor), 0)::int as price,
          count(l.ticket) filter (where l.ticket = any(h.tickets))::int as own,
          (select coalesce(sum(gone.total_minor), 0)::int
            from order_lines gone where gone."order" = o.id and not gone.live) as "given back"
        from orders o
          left join holds h on h.id = o.hold
          left join order_lines l on l."order" = o.id and l.live
        where o.event = any(${events})
        group by o.id, o.event, o.state, o.total_minor, h.expires_at, h.quantity
      )
      select event, id as "order", state, quantity, lines, own as "lines of its hold", total_minor, price,
        case when quantity is null then 'its hold is gone'
             when state in ('paid', 'partlyRefunded') and expires_at < 'infinity' then 'paid, and its hold is not sold'
             when state in ('paid', 'partlyRefunded') then 'paid, and its tickets are not those of its hold'
             else 'not paid, and has tickets' end as fault
      from counted
      where case
        when state in ('paid', 'partlyRefunded')
        then quantity is null or expires_at < 'infinity' or lines <> quantity or own <> lines
          or price + case when state = 'paid' then 0 else "given back" end <> total_minor
        else lines > 0 end
      union all
      select h.event, null, 'none', h.quantity, 0, 0, 0, 0, 'hold ' || h.id || ' is sold and no order paid for it'
      from holds h
      where h.event = any(${events}) and h.expires_at = 'infinity'
        and not exists (select from orders o where o.hold = h.id and o.state in ('paid', 'partlyRefunded'))`.execute(
      db,
    );
    return rows;
  },
};
