import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/** The same fact is written twice, on the hold and on its tickets; a half-done claim, release or sale shows here. */
export const holdsAndTicketsAgree: Invariant = {
  id: 'holds-and-tickets-agree',
  rule: 'BOOK-2',
  promise: 'Every ticket of a live hold points back to it, for as long as it lives, and no other ticket does',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with live as (
        select h.id, h.event, h.quantity, h.expires_at, h.tickets
        from holds h
        where h.event = any(${events}) and not h.released and h.expires_at > sale_clock()
      )
      select l.event, l.id as hold, w.ticket, t.hold as "ticket's hold",
        case when t.id is null then 'the hold has a ticket that does not exist'
             when t.event <> l.event then 'the hold has a ticket of another event'
             when t.hold is distinct from l.id then 'the ticket does not point to its hold'
             else 'the ticket is free at another time than its hold ends' end as fault
      from live l cross join lateral unnest(l.tickets) as w(ticket) left join tickets t on t.id = w.ticket
      where t.id is null or t.event <> l.event or t.hold is distinct from l.id or t.free_at <> l.expires_at
      union all
      select l.event, l.id, null, null, 'the hold has another number of tickets than it says'
      from live l where cardinality(l.tickets) <> l.quantity
      union all
      select t.event, t.hold, t.id, t.hold, 'the ticket is taken, by no live hold'
      from tickets t left join live l on l.id = t.hold and t.id = any(l.tickets)
      where t.event = any(${events}) and t.free_at > sale_clock() and l.id is null
        and not (t.free_at = 'infinity' and t.hold is null)`.execute(db);
    return rows;
  },
};
