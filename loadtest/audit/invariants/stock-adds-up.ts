import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/** Counted from three tables: sold from order lines, held from holds, free and blocked from tickets. */
export const stockAddsUp: Invariant = {
  id: 'stock-adds-up',
  rule: 'BOOK-9',
  promise: 'Sold, held, free and blocked tickets add up to the capacity',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with counted as (
        select e.id as event, v.capacity,
          (select count(*)::int from order_lines l join orders o on o.id = l."order"
            where o.event = e.id and l.live) as sold,
          (select coalesce(sum(h.quantity), 0)::int from holds h
            where h.event = e.id and not h.released
              and h.expires_at > sale_clock() and h.expires_at < 'infinity') as held,
          (select count(*)::int from tickets t where t.event = e.id and t.free_at <= sale_clock()) as free,
          (select count(*)::int from tickets t
            where t.event = e.id and t.free_at = 'infinity' and t.hold is null) as blocked
        from events e join venues v on v.id = e.venue
        where e.id = any(${events})
      )
      select * from counted where sold + held + free + blocked <> capacity`.execute(db);
    return rows;
  },
};
