import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';
import { charges } from './charges.ts';

export const moneyAddsUp: Invariant = {
  id: 'money-adds-up',
  rule: 'PAY-1',
  promise: 'Money taken and not given back is the price of the tickets sold, order by order',
  check: async ({ db, events, atRest }) => {
    if (!atRest) return [];
    // Summed once and joined: a look at all charges for each order takes minutes when a stadium is sold.
    const { rows } = await sql<Breach>`
      with ${charges}, taken as (
        select p."order", sum(c.amount_minor - c.refunded_minor)::int as money
        from payments p join charges c on c.id = p.id and c.state = 'captured'
        group by p."order"
      )
      select * from (
        select o.event, o.id as "order", o.state,
          coalesce(taken.money, 0) as money,
          (select coalesce(sum(l.total_minor), 0)::int
            from order_lines l where l."order" = o.id and l.live) as tickets
        from orders o left join taken on taken."order" = o.id where o.event = any(${events})
      ) as sums where money <> tickets
      union all
      select null, null, 'charge ' || c.id || ' belongs to no payment', c.amount_minor - c.refunded_minor, 0
      from charges c left join payments p on p.id = c.id
      where p.id is null and c.state = 'captured' and c.refunded_minor < c.amount_minor`.execute(db);
    return rows;
  },
};
