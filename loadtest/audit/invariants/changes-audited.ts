import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const changesAudited: Invariant = {
  id: 'changes-audited',
  rule: 'BOOK-13',
  promise:
    'Every settled order, every version of a room and every blocked ticket has its entry in the audit, and what operators released is released',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select o.event, o.id::text as subject, o.state || ' without an entry' as fault
      from orders o
      where o.event = any(${events}) and o.state <> 'pending'
        and not exists (select from audit a where a.subject = o.id::text and a.action = 'order.' || o.state)
      union all
      select r.event, r.event, 'version ' || r.version || ' with ' || count(a.id) || ' changes on record'
      from rooms r left join audit a on a.subject = r.event and a.action in ('room.changed', 'rehearsal.ended')
      where r.event = any(${events})
      group by r.event, r.version, r.epoch
      -- An epoch is the line's, and no operator's: it makes a version of its own.
      having count(a.id) <> r.version - 1 - r.epoch
      union all
      select t.event, t.id::text, 'blocked, and its last move is no block'
      from tickets t
      where t.event = any(${events}) and t.free_at = 'infinity' and t.hold is null
        and 'block' is distinct from (
          select m.move from stock_moves m
          where m.event = t.event and t.id = any(m.tickets)
            and exists (select from audit a where a.subject = m.event and a.action = 'stock.' || m.move || 'ed')
          order by m.at desc limit 1)
      union all
      select h.event, h.id::text, 'released by an operator, and held'
      from holds h join audit a on a.subject = h.id::text and a.action = 'hold.released'
      where h.event = any(${events}) and not h.released and h.expires_at < 'infinity'`.execute(db);
    return rows;
  },
};
