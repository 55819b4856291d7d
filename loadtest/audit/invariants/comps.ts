import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/** A comp stands on a hold of turn 0. What other promises let pass for such a hold, this one holds it to. */
export const comps: Invariant = {
  id: 'comps',
  rule: 'BOOK-44',
  promise:
    'What is sold for nothing an operator gave away, no money moved for it, and what came back has its record',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with given as (
        select h.event, h.id as hold, o.id as "order", o.state, o.total_minor,
          exists (select from audit a where a.subject = o.id::text and a.action = 'order.paid'
            and a.became ->> 'comp' = 'true' and a.why is not null) as "by an operator",
          (select count(*)::int from payments p where p."order" = o.id) as payments,
          (select coalesce(sum(l.total_minor), 0)::int from order_lines l where l."order" = o.id) as price,
          (select count(*)::int from order_lines l where l."order" = o.id and not l.live) as back,
          (select coalesce(sum(cardinality(r.tickets)), 0)::int from comp_returns r where r."order" = o.id) as returned
        from holds h left join orders o on o.hold = h.id
        where h.event = any(${events}) and h.turn = 0
      )
      select * from (
        select *, case
          when not "by an operator" then 'no operator gave it away'
          when total_minor > 0 or price > 0 or payments > 0 then 'a comp, and money'
          when back <> returned then 'tickets came back, and their record says otherwise'
          when state not in ('paid', 'partlyRefunded', 'cancelled') then 'a comp is never ' || state
          end as fault
        from given
      ) judged where fault is not null`.execute(db);
    return rows;
  },
};
