import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const moneyAddsUp: Invariant = {
  id: 'money-adds-up',
  rule: 'PAY-1',
  promise: 'Money taken and not given back is the price of the tickets sold, order by order',
  check: async ({ db, events, atRest }) => {
    if (!atRest) return [];
    const { rows } = await sql<Breach>`
      select * from (
        select o.event, o.id as "order", o.state,
          (select coalesce(sum(c.amount_minor - c.refunded_minor), 0)::int
            from payments p join sandbox_charges c on c.id = p.id and c.state = 'captured'
            where p."order" = o.id) as money,
          (select coalesce(sum(l.price_minor), 0)::int
            from order_lines l where l."order" = o.id and l.live) as tickets
        from orders o where o.event = any(${events})
      ) as sums where money <> tickets
      union all
      select null, null, 'charge ' || c.id || ' belongs to no payment', c.amount_minor - c.refunded_minor, 0
      from sandbox_charges c left join payments p on p.id = c.id
      where p.id is null and c.state = 'captured' and c.refunded_minor < c.amount_minor`.execute(db);
    return rows;
  },
};
